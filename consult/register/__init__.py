"""The public register of moderation: what was decided and why, never of whom, by whom or of which words."""
