"""Organisations that stand behind a proposal, each by the mandate of whoever speaks for it."""
