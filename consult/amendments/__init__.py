"""Amendments: how somebody else would change the text of a proposal, and what its authors answer."""
