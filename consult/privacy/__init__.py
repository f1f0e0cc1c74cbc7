"""What is known of a person: shown, given, corrected, erased, and kept no longer than needed."""
