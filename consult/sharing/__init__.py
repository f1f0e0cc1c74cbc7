"""Passing contributions on: by short address, by QR code, on paper; never through anybody else's service."""
