"""Many pools at once: parts, workers, and where their results go."""
