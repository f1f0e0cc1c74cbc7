"""The territory in figures: indicators by municipality, with their sources."""
