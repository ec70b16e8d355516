"""The application: what people run. It alone knows the mission's defaults, files and the terminal."""
