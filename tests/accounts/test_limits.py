"""Whoever guesses or floods is stopped with a sentence; nobody can lock out somebody else."""

import pytest

from consult.core import passwords
from tests.browser import text_of
from tests.conftest import settings_for

PASSWORD, WRONG = "una panchina sotto il tiglio", "una panca sotto il tiglio"
HERE, THERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, rate_limits=True)


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="cittadina@example.org", password_hash=passwords.hashed(PASSWORD))


def sign_in(visitor, password=WRONG, email="cittadina@example.org", where=HERE):
    fields = {"email": email, "password": password}
    return visitor.post("/accedi", fields, environ_overrides=where)


def test_ten_wrong_passwords_are_enough(browser, citizen):
    visitor = browser()
    for _ in range(10):
        assert sign_in(visitor).status_code == 200
    stopped = sign_in(visitor, PASSWORD)
    assert stopped.status_code == 429
    assert 1 <= int(stopped.headers["Retry-After"]) <= 301
    assert "Ci sono stati troppi tentativi. Aspetta cinque minuti" in text_of(stopped)
    assert "Content-Security-Policy" in stopped.headers
    assert sign_in(visitor, PASSWORD, email="Cittadina@Example.org ").status_code == 429


def test_they_are_counted_for_unknown_addresses_too(browser, citizen):
    visitor = browser()
    for _ in range(10):
        assert sign_in(visitor, email="nessuno@example.org").status_code == 200
    assert sign_in(visitor, email="nessuno@example.org").status_code == 429
    assert sign_in(visitor).status_code == 200


def test_a_stranger_cannot_lock_a_citizen_out(browser, citizen):
    stranger = browser()
    for _ in range(12):
        sign_in(stranger)
    assert sign_in(browser(), PASSWORD, where=THERE).status_code == 303


def test_another_address_of_the_same_network_does_not_help(browser, citizen):
    visitor = browser()
    for number in range(10):
        sign_in(visitor, where={"REMOTE_ADDR": f"192.0.2.{number}"})
    assert sign_in(visitor, where={"REMOTE_ADDR": "192.0.2.200"}).status_code == 429
    wide = browser()
    for number in range(10):
        sign_in(wide, where={"REMOTE_ADDR": f"2001:db8:1:2::{number}"})
    assert sign_in(wide, where={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"}).status_code == 429


def test_a_forged_header_does_not_help(browser, citizen):
    visitor = browser()
    for number in range(10):
        visitor.post("/accedi", {"email": citizen.email, "password": "x"}, environ_overrides=HERE,
                     headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert visitor.post("/accedi", {"email": citizen.email, "password": "x"}, environ_overrides=HERE,
                        headers={"X-Forwarded-For": "203.0.113.99"}).status_code == 429


def test_signing_in_rightly_counts_for_nothing(browser, citizen):
    for _ in range(15):
        assert sign_in(browser(), PASSWORD).status_code == 303


def test_a_whole_network_is_slowed_only_after_many_failures(browser, citizen):
    visitor = browser()
    for number in range(100):
        assert sign_in(visitor, email=f"persona{number}@example.org").status_code == 200
    assert sign_in(visitor, email="altra@example.org").status_code == 429
    assert sign_in(browser(), PASSWORD, where=THERE).status_code == 303


@pytest.mark.parametrize("path", ["/conferma", "/password-dimenticata"])
def test_nobody_has_many_mails_sent_to_another(browser, citizen, path):
    visitor = browser()
    for _ in range(5):
        assert visitor.post(path, {"email": citizen.email}, environ_overrides=HERE).status_code == 303
    stopped = visitor.post(path, {"email": citizen.email}, environ_overrides=HERE)
    assert stopped.status_code == 429
    assert "La richiesta è stata fatta troppe volte." in text_of(stopped)
    assert "Retry-After" in stopped.headers


def test_registering_is_slowed_for_a_network_that_registers_many(browser, citizen):
    visitor = browser()
    for number in range(25):
        fields = {"email": f"nuova{number}@example.org", "password": "sette gatti sul campanile",
                  "display_name": "Nora", "municipality": "0", "of_age": "y"}
        assert visitor.post("/registrati", fields, environ_overrides=HERE).status_code == 303
    assert visitor.post("/registrati", {**fields, "email": "ancora@example.org"},
                        environ_overrides=HERE).status_code == 429


def test_guesses_at_the_old_password_of_an_open_session_are_stopped_too(browser, citizen):
    visitor = browser(citizen)
    fields = {"old_password": "non è questa", "password": "un ponte nuovo sul torrente"}
    for _ in range(10):
        assert visitor.post("/profilo/password", fields, environ_overrides=HERE).status_code == 200
    fields["old_password"] = PASSWORD
    assert visitor.post("/profilo/password", fields, environ_overrides=HERE).status_code == 429
    assert passwords.right(PASSWORD, citizen.password_hash)


def test_reading_is_never_stopped(browser, citizen):
    visitor = browser()
    for _ in range(60):
        assert visitor.get("/accedi", environ_overrides=HERE).status_code == 200
