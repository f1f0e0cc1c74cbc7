"""What else than contributions lies before the moderators: descriptions of organisations, attachments, quotes."""
