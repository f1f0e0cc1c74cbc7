"""Voting where there is paper: the desk, boxes of papers, the screen of an assembly."""
