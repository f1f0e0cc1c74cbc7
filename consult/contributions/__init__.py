"""What every contribution has in common, whatever its kind."""
