"""Consult: municipalities make their strategic plan together with their people."""
