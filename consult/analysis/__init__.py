"""Figures of the territory: indicators with their sources, by municipality and year."""
