"""Meetings: tables and forums, their agenda, the positions taken on each point, and their minutes."""
