"""On disk: whole files, result folders, archives, and tools for association files."""
