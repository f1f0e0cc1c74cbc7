"""Somebody with a password, and the app on their phone."""

import re
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest

from consult.core import clock, passwords
from consult.core.db import db
from consult.factors import codes, queries
from tests.browser import Browser

PASSWORD = "una panchina sotto il tiglio"
STEP = clock.timedelta(seconds=30)


@dataclass
class Phone:
    """The app of a person."""

    secret: str

    def code(self) -> str:
        """What it shows now."""
        return pyotp.TOTP(self.secret).at(clock.now())


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="cittadina@example.org", password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def set_up(app):
    """`phone, recovery = set_up(browser(person))`: through the pages, as a person would."""

    def act(visitor: Browser) -> tuple[Phone, list[str]]:
        assert visitor.submit("/profilo/riconosci", {"password": PASSWORD}).status_code == 303
        assert visitor.post("/profilo/secondo-passo/app/inizia").status_code == 303
        page = visitor.get("/profilo/secondo-passo/app").get_data(as_text=True)
        phone = Phone(re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", ""))
        done = visitor.submit("/profilo/secondo-passo/app", {"code": phone.code()})
        assert done.status_code == 200
        clock.shift(2 * STEP)  # the code of the set-up is used up
        return phone, re.findall(r"<code>([a-z0-9-]{19})</code>", done.get_data(as_text=True))

    return act


@pytest.fixture
def sign_in():
    """The first step: address and password."""

    def act(visitor: Browser, email: str = "cittadina@example.org", password: str = PASSWORD, **options: Any):
        return visitor.post("/accedi", {"email": email, "password": password, **options})

    return act


@pytest.fixture
def sealed(app):
    """The secrets of a person's app as they are kept, and as they are read."""

    def act(person):
        app = queries.code_app(db.session.merge(person))
        return app.sealed, codes.unseal(app)

    return act
