"""What the tests of voting share."""

import pytest
from flask_login import AnonymousUserMixin


@pytest.fixture
def visitor():
    """Somebody who has not signed in."""
    return AnonymousUserMixin()
