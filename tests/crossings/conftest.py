"""What the tests of cross tables share."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import Browser


@pytest.fixture
def browser(browser: Callable[..., Browser]) -> Callable[..., Browser]:
    """Browsers that read English: its sentences are those of the code."""

    def start(person: Any = None) -> Browser:
        started = browser(person)
        started._apart(lambda: started._keep_in_cookie(language="en"))
        return started

    return start
