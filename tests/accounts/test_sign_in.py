"""Signing in and out: who gets in, how, and what the browser keeps."""

import pytest
import sqlalchemy as sa

from consult.accounts import services
from consult.accounts.models import BrowserSession
from consult.audit.models import AuditEntry
from consult.core import passwords
from consult.core.db import db
from tests.browser import text_of

PASSWORD = "una panchina sotto il tiglio"


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="cittadina@example.org", password_hash=passwords.hashed(PASSWORD))


def sign_in(visitor, email="cittadina@example.org", password=PASSWORD, **fields):
    return visitor.submit("/accedi", {"email": email, "password": password, **fields})


def test_whoever_knows_the_password_is_signed_in_and_sent_back(browser, citizen):
    visitor = browser()
    response = visitor.submit("/accedi?next=/profilo", {"email": " Cittadina@Example.ORG ", "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/profilo")
    assert citizen.display_name in text_of(visitor.get("/profilo"))
