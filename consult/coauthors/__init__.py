"""Authors in common: who writes a proposal together with its author."""
