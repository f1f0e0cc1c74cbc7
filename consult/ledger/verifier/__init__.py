"""The parts of verify.py, which is published with every ballot: standard library only, and nothing of the platform."""
