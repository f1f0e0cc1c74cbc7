"""A provider of identity that runs as a process of its own, for the tests."""
