"""Answers to a questionnaire weighted to the population, beside the answers as they are."""
