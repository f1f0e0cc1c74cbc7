"""Percorsi brought over from other systems, without doubles and so that they can be taken back."""
