"""Questionnaires on paper: the sheet to print."""
