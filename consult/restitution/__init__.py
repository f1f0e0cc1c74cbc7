"""What was asked, what people said, what was done of it; and the closing of a phase."""
