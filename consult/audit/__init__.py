"""One append-only row for every recorded event."""
