"""Answers to a questionnaire crossed with who gave them, and two questionnaires side by side."""
