"""Frozen results of activities and outcomes of contributions."""
