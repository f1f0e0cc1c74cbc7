"""Ballots as the office makes them: set up in one page, papers brought in and given out."""
