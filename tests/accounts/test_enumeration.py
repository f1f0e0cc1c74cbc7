"""Whether an address is known shows neither in what is answered nor in how long the answer takes."""

import time

import pytest

from consult.accounts import services
from consult.core import passwords
from tests.browser import text_of
from tests.conftest import settings_for

KNOWN, UNKNOWN = "cittadina@example.org", "nessuno@example.org"


@pytest.fixture
def settings(database_url, tmp_path):
    """Passwords as dear as those of a real installation, and then some: the work of hashing stands out."""
    return settings_for(tmp_path, database_url, password_cost=65536)


@pytest.fixture
def one_hash(app, make):
    """How much work one hash is, at the least: the time of this thread alone, whatever else the machine does."""
    make.authority()
    make.person(email=KNOWN, password_hash=passwords.hashed("una panchina sotto il tiglio"))
    passwords.right("x", None)  # the hash that stands in for nobody's is made once
    took = []
    for _ in range(3):
        started = time.thread_time()
        passwords.hashed("una panchina sotto il tiglio")
        took.append(time.thread_time() - started)
    return min(took)


def least(act):
    took = []
    for _ in range(3):
        started = time.thread_time()
        act()
        took.append(time.thread_time() - started)
    return min(took)


def test_signing_in_hashes_for_everyone(browser, one_hash):
    visitor = browser()
    for email in (KNOWN, UNKNOWN):
        fields = {"email": email, "password": "una panca sotto il tiglio", "csrf_token": visitor.token()}
        assert least(lambda fields=fields: visitor.post("/accedi", fields)) > 0.5 * one_hash


def test_a_closed_account_and_one_without_password_hash_as_well(app, make, one_hash):
    services.close(make.person(email="chiusa@example.org", password_hash=passwords.hashed("x" * 12)), actor=None)
    make.person(email="importata@example.org", password_hash=None)
    for email in ("chiusa@example.org", "importata@example.org"):
        assert least(lambda email=email: services.authenticate(email, "qualunque cosa")) > 0.5 * one_hash


def test_registering_hashes_for_everyone(browser, one_hash):
    visitor = browser()
    for email in (KNOWN, UNKNOWN):
        fields = {"email": email, "password": "sette gatti sul campanile", "display_name": "Nora", "municipality": "0",
                  "of_age": "y", "csrf_token": visitor.token()}
        assert least(lambda fields=fields: visitor.post("/registrati", fields)) > 0.5 * one_hash


@pytest.mark.parametrize("path", ["/password-dimenticata", "/conferma"])
def test_asking_for_a_link_writes_as_much_for_everyone(browser, one_hash, queries, path):
    """As many rows for an unknown address; for a known one the link itself is one more."""
    visitor, writes = browser(), {}
    for email in (KNOWN, UNKNOWN):
        fields = {"email": email, "csrf_token": visitor.token()}
        with queries() as seen:
            visitor.post(path, fields)
        writes[email] = [s for s in seen if s.startswith("INSERT") and "mail_token" not in s]
    assert len(writes[KNOWN]) == len(writes[UNKNOWN]) == 2


@pytest.mark.parametrize(("path", "fields"), [
    ("/accedi", {"password": "una panca sotto il tiglio"}),
    ("/registrati", {"password": "sette gatti sul campanile", "display_name": "Nora", "municipality": "0",
                     "of_age": "y"}),
    ("/conferma", {}),
    ("/password-dimenticata", {}),
])
def test_every_form_answers_word_for_word_the_same(browser, one_hash, path, fields):
    answers = []
    for email in (KNOWN, UNKNOWN):
        response = browser().submit(path, {**fields, "email": email})
        answers.append((response.status_code, response.location, text_of(response)))
    assert answers[0] == answers[1]
