"""What follows from events recorded elsewhere, in the same transaction."""
