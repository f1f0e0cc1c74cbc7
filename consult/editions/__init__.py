"""The plan as it stood at a time: editions that never change, and what differs between two of them."""
