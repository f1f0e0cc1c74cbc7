"""What people would say of a passage of the draft plan, or change in it, and where it stands in the next text."""
