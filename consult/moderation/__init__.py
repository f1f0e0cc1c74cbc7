"""The queue, its decisions and their reasons."""
