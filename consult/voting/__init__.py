"""Supports and ballots, and how they are counted."""
