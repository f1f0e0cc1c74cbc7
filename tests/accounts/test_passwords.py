"""Forgotten and changed passwords: only the owner of the mailbox or of the old password gets a new one."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts import registration, services
from consult.accounts.models import BrowserSession, TokenPurpose
from consult.audit.models import AuditEntry
from consult.core import clock, passwords
from consult.core.db import db
from tests.accounts.test_registration import LINK, link, mails
from tests.browser import text_of

OLD, NEW = "una panchina sotto il tiglio", "un ponte nuovo sul torrente"


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(email="cittadina@example.org", display_name="Carla", password_hash=passwords.hashed(OLD))


def ask(visitor, email="cittadina@example.org"):
    return visitor.submit("/password-dimenticata", {"email": email})


def test_whoever_forgot_chooses_a_new_one_and_is_signed_out_everywhere(browser, citizen):
    signed_in, visitor = browser(citizen), browser()
    assert ask(visitor).location == "/posta-inviata"
    assert mails()[-1].recipient == "cittadina@example.org"
    address = link()
    assert visitor.get(address).headers["Cache-Control"] == "no-store"
    done = visitor.submit(address, {"password": NEW})
    assert (done.status_code, done.location) == (303, "/accedi")
    assert passwords.right(NEW, citizen.password_hash)
    assert not passwords.right(OLD, citizen.password_hash)
    assert signed_in.get("/profilo").status_code == 303
    assert mails()[-1].subject == "La tua password è cambiata"
    assert not LINK.search(mails()[-1].text)


def test_opening_the_link_changes_nothing(browser, citizen):
    visitor = browser()
    ask(visitor)
    for _ in range(3):
        assert visitor.get(link()).status_code == 200
    assert passwords.right(OLD, citizen.password_hash)


def test_a_weak_password_does_not_use_the_link_up(browser, citizen):
    visitor = browser()
    ask(visitor)
    refused = visitor.submit(link(), {"password": "Carla è la migliore"})
    assert refused.status_code == 200
    assert "contiene il tuo nome o il tuo indirizzo" in text_of(refused)
    short = visitor.submit(link(), {"password": "corta"})
    assert "troppo corta" in text_of(short)
    assert visitor.submit(link(), {"password": NEW}).status_code == 303


def test_a_link_is_good_once_and_kills_the_others(browser, citizen):
    visitor = browser()
    ask(visitor)
    first = link()
    ask(visitor)
    second = link()
    assert visitor.get(first).status_code == 200
    visitor.submit(second, {"password": NEW})
    for address in (first, second):
        assert visitor.get(address).status_code == 410
        assert visitor.post(address, {"password": OLD}).status_code == 410
    assert passwords.right(NEW, citizen.password_hash)


def test_a_link_lasts_an_hour(browser, citizen):
    visitor = browser()
    ask(visitor)
    address = link()
    with clock.at(clock.now() + timedelta(minutes=59)):
        assert visitor.get(address).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert visitor.post(address, {"password": NEW}).status_code == 410
    assert passwords.right(OLD, citizen.password_hash)


def test_a_link_for_a_password_confirms_no_address_by_the_other_way(browser, citizen):
    citizen.confirmed_at = None
    ask(browser())
    token = link().rpartition("/")[2]
    assert browser().post(f"/conferma/{token}").status_code == 410
    assert citizen.confirmed_at is None


def test_a_new_password_also_confirms_the_address(browser, citizen):
    citizen.confirmed_at = None
    visitor = browser()
    ask(visitor)
    visitor.submit(link(), {"password": NEW})
    assert citizen.confirmed_at is not None
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["PasswordResetAsked", "Confirmed", "PasswordChanged"]


@pytest.mark.parametrize("who", ["known", "closed", "nobody"])
def test_the_answer_is_the_same_for_every_address(browser, citizen, who):
    if who == "closed":
        services.close(citizen, actor=None)
    response = ask(browser(), "nessuno@example.org" if who == "nobody" else "cittadina@example.org")
    assert (response.status_code, response.location) == (303, "/posta-inviata")
    assert len(mails()) == 1
    assert bool(LINK.search(mails()[0].text)) is (who == "known")


def test_closing_an_account_kills_its_links(app, citizen):
    registration.ask_reset(citizen.email, language="it")
    token = link().rpartition("/")[2]
    services.close(citizen, actor=None)
    assert registration.holder(token, TokenPurpose.RESET) is None
    assert registration.reset(token, NEW) is None


def change(visitor, old=OLD, new=NEW):
    return visitor.submit("/profilo/password", {"old_password": old, "password": new})


def test_whoever_knows_the_old_password_changes_it_and_stays_signed_in_under_a_new_session(browser, citizen):
    here, elsewhere = browser(citizen), browser(citizen)
    before = set(db.session.scalars(sa.select(BrowserSession.token_hash)))
    assert change(here).status_code == 303
    assert here.get("/profilo").status_code == 200
    assert elsewhere.get("/profilo").status_code == 303
    after = set(db.session.scalars(sa.select(BrowserSession.token_hash)))
    assert len(after) == 1
    assert not after & before
    assert passwords.right(NEW, citizen.password_hash)
    assert mails()[-1].subject == "La tua password è cambiata"


def test_without_the_old_password_nothing_changes(browser, citizen):
    visitor = browser(citizen)
    response = change(visitor, old="una panca sotto il tiglio")
    assert response.status_code == 200
    assert "Non è la tua password attuale." in text_of(response)
    assert passwords.right(OLD, citizen.password_hash)
    assert visitor.get("/profilo").status_code == 200
    assert mails() == []
