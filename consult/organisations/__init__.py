"""Organisations: their registration, those who speak and sign for them, their public page, their categories."""
