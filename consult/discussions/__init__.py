"""Discussions: topics that people talk about, each closed with what came of it."""
