"""What lies before the moderators, and those who decide on it."""

import pytest

from consult.accounts.models import Role
from tests.attachments.conftest import attached, received  # noqa: F401 - fixtures


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)
