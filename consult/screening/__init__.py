"""Signs that a programme finds in what people write: explained to the moderators, who alone decide."""
