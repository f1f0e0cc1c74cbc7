"""Warning and suspending authors: for up to a week one moderator decides, for longer two people do."""
