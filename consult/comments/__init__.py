"""Threads on anything commentable."""
