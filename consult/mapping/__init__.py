"""The mathematics of opinion maps: from votes on statements to groups, and where they agree; no database."""
