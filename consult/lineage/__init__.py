"""Merging and splitting proposals, and carrying support to what was made of them."""
