"""Calls that ask for something."""

from tests.proposals.conftest import categories  # noqa: F401 - a fixture
