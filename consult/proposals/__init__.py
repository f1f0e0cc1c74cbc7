"""Calls for proposals and the proposals people put into them."""
