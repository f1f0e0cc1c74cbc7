"""Conversations: short statements, agreed with or not, and the map of opinions that comes of it."""
