"""The versions of a proposal: every text it has had since it was public, and what changed from one to the next."""
