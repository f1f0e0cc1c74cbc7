"""Passages that a moderator blacks out, everywhere, and brings back."""
