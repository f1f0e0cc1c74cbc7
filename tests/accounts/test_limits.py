"""Whoever guesses or floods is stopped with a sentence; nobody can lock out somebody else."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from consult.accounts import guesses
from consult.accounts.models import Person
from consult.accounts.registration import Registered
from consult.audit.models import AuditEntry
from consult.core import clock, forms, passwords
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from tests.browser import Browser, text_of
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
    assert "Ci sono stati troppi tentativi. Aspetta 5 minuti" in text_of(stopped)
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
    for number in range(120):
        fields = {**NORA, "email": f"nuova{number}@example.org", "shown": stamp(ago=20)}
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


def test_an_assembly_room_behind_one_address_registers_and_signs_in(browser, make):
    make.authority()
    for number in range(100):
        fields = {**NORA, "email": f"sala{number}@example.org", "shown": stamp(ago=20)}
        assert browser().post("/registrati", fields, environ_overrides=HERE).status_code == 303
    db.session.execute(sa.update(Person).values(confirmed_at=clock.now()))
    for number in range(0, 100, 3):
        email = f"sala{number}@example.org"
        assert sign_in(browser(), email=email).status_code == 200
        assert sign_in(browser(), "sette gatti sul campanile", email=email).status_code == 303


def test_the_wait_grows_with_each_further_try_and_never_beyond_an_hour(browser, citizen):
    start = clock.now()
    for _ in range(10):
        sign_in(browser())
    waited = []
    for _ in range(6):
        with clock.at(start):
            stopped = sign_in(browser())
            assert stopped.status_code == 429
            waited.append(round(int(stopped.headers["Retry-After"]) / 60))
            start += clock.timedelta(seconds=int(stopped.headers["Retry-After"]) + 1)
        with clock.at(start):
            assert sign_in(browser()).status_code == 200
    assert waited == [5, 10, 20, 40, 60, 60]
    with clock.at(start + clock.timedelta(hours=1, minutes=1)):
        assert sign_in(browser(), PASSWORD).status_code == 303
        assert sign_in(browser()).status_code == 200


def test_the_right_password_forgets_the_wrong_ones(browser, citizen):
    for _ in range(3):
        for _ in range(9):
            assert sign_in(browser()).status_code == 200
        assert sign_in(browser(), PASSWORD).status_code == 303


def test_an_attack_from_everywhere_leaves_each_network_three_tries_and_the_owner_a_way_in(browser, citizen):
    for number in range(50):
        assert sign_in(browser(), where={"REMOTE_ADDR": f"10.1.{number}.9"}).status_code == 200
    elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
    for _ in range(3):
        assert sign_in(browser(), where=elsewhere).status_code == 200
    assert sign_in(browser(), PASSWORD, where=elsewhere).status_code == 429
    assert sign_in(browser(), where=THERE).status_code == 200
    assert sign_in(browser(), PASSWORD, where=THERE).status_code == 303


def test_the_owner_is_told_of_an_attack_once_a_day(browser, citizen):
    def told():
        return db.session.scalars(sa.select(OutboxMessage.subject).where(
            OutboxMessage.recipient == citizen.email)).all()

    for number in range(60):
        sign_in(browser(), where={"REMOTE_ADDR": f"10.1.{number}.9"})
        assert len(told()) == (number + 1 >= guesses.TOLD)
    assert told() == ["Qualcuno prova a indovinare la tua password"]
    assert db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.event == "AttackNoticed")).all() == [
        {"person_id": citizen.id}]
    with clock.at(clock.now() + clock.timedelta(days=1, hours=1)):
        for number in range(30):
            sign_in(browser(), where={"REMOTE_ADDR": f"10.2.{number}.9"})
        assert len(told()) == 2


def test_nobody_is_told_of_an_address_without_account(browser, citizen):
    for number in range(30):
        sign_in(browser(), email="nessuno@example.org", where={"REMOTE_ADDR": f"10.1.{number}.9"})
    assert db.session.scalars(sa.select(OutboxMessage.recipient)).all() == []


def test_of_address_and_network_only_a_tag_is_kept_for_a_day(browser, citizen):
    sign_in(browser())
    kept = db.session.scalars(sa.select(guesses.WrongGuesses)).all()
    assert [row.number for row in kept] == [1, 1]
    assert all(len(row.tag) == 32 and int(row.tag, 16) >= 0 for row in kept)
    with clock.at(clock.now() + clock.timedelta(hours=25)):
        guesses.forget()
    assert db.session.scalars(sa.select(guesses.WrongGuesses)).all() == []


def stamp(ago):
    """The mark of a registration form that was shown some seconds ago."""
    with clock.at(clock.now() - clock.timedelta(seconds=ago)):
        return str(forms._stamps().dumps(int(clock.now().timestamp())))


NORA = {"email": "nuova@example.org", "password": "sette gatti sul campanile", "display_name": "Nora",
        "municipality": "0", "of_age": "y"}


class TestHaste:
    """Nobody fills in a form within three seconds: a machine is asked to send it again."""

    def test_a_form_sent_at_once_is_shown_again_and_then_accepted(self, browser, make):
        make.authority()
        visitor = browser()
        quick = visitor.submit("/registrati", NORA)
        assert quick.status_code == 200
        assert "Hai fatto molto in fretta." in text_of(quick)
        assert 'value="nuova@example.org"' in quick.get_data(as_text=True)
        assert db.session.scalars(sa.select(AuditEntry.event)).all() == []
        with clock.at(clock.now() + clock.timedelta(seconds=4)):
            page = quick.get_data(as_text=True)
            mark = page.partition('name="shown"')[2].partition('value="')[2].partition('"')[0]
            assert visitor.post("/registrati", {**NORA, "shown": mark}).status_code == 303

    @pytest.mark.parametrize("mark", ["", "x", "\x00", "1", "a.b", "é" * 99, "99999999999.x"])
    def test_a_missing_or_made_up_mark_is_asked_too(self, browser, make, mark):
        make.authority()
        response = browser().post("/registrati", {**NORA, "shown": mark})
        assert response.status_code == 200
        assert db.session.scalars(sa.select(AuditEntry.event)).all() == []

    def test_whoever_takes_their_time_notices_nothing(self, browser, make):
        make.authority()
        fields = {**NORA, "shown": stamp(ago=20)}
        assert browser().post("/registrati", fields).status_code == 303


def test_a_registration_sent_again_and_again_answers_the_same_and_writes_no_more_mails(browser, make):
    make.authority()
    answers = set()
    for _ in range(12):
        response = browser().post("/registrati", {**NORA, "shown": stamp(ago=20)}, environ_overrides=HERE)
        answers.add((response.status_code, response.location))
    assert answers == {(303, "/posta-inviata")}
    assert len(db.session.scalars(sa.select(OutboxMessage.id)).all()) == 5


def test_a_hundred_registrations_at_once_with_one_address_open_one_account(bare_app, make):
    make.authority()
    db.session.commit()
    together, mark = Barrier(20), stamp(ago=20)

    def register(number):
        with bare_app.app_context():
            browser = Browser(bare_app)
            fields = {**NORA, "shown": mark, "display_name": f"Nora {number}", "csrf_token": browser.token()}
            if number < 20:
                together.wait()
            response = browser.post("/registrati", fields, environ_overrides=HERE)
            return response.status_code, response.location

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(register, range(100)))
    db.session.expire_all()
    assert answers == {(303, "/posta-inviata")}
    assert len(db.session.scalars(sa.select(Person).where(Person.email == "nuova@example.org")).all()) == 1
    assert len(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == Registered.__name__)).all()) == 5
