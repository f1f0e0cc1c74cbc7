"""The demonstration process, made-up people and large synthetic data."""
