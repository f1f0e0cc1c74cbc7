"""Questionnaires, their submissions and statistics."""
