"""Mechanisms that know nothing of the domain."""
