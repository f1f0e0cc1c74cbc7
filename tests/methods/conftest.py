"""Ways of voting need no application: only a language in which sentences are said."""

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture(scope="session")
def speaking():
    app = Flask("speaking")
    Babel(app, default_locale="en")
    return app


@pytest.fixture(autouse=True)
def _english(speaking):
    with speaking.app_context():
        yield
