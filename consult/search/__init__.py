"""Finding contributions by the words in them, and those that say the like."""
