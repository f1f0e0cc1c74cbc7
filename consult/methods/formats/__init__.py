"""Ballots as files of other programs: text in, text out."""
