"""People, organisations, roles, sign-in, verification."""
