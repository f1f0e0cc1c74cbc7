"""Somebody has lost their second factor: an administrator takes it away, never oneself, and it is told and written."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import BrowserSession, Role
from consult.audit.models import AuditEntry
from consult.core import passwords
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from tests.browser import text_of
from tests.factors.conftest import PASSWORD


@pytest.fixture
def equipped(browser, citizen, set_up):
    set_up(browser(citizen))
    return citizen


@pytest.fixture
def admin(make, equipped):
    return make.person(Role.PLATFORM_ADMIN, email="admin@example.org", password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def office(browser, admin):
    visitor = browser(admin)
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    return visitor


PATH = "/ufficio/secondo-passo/togli"


def take_away(visitor, person, **options):
    return visitor.post(PATH, {"email": person.email}, **options)


def test_the_administrator_finds_the_person_by_address_and_takes_it_away(office, equipped, admin, browser, sign_in):
    found = office.submit("/ufficio/secondo-passo", {"email": " Cittadina@Example.org "})
    assert found.status_code == 200
    assert "È sicuro che lo abbia chiesto davvero questa persona?" in text_of(found)
    assert f'action="{PATH}"' in found.get_data(as_text=True)
    assert equipped.second_factor_since is not None
    assert take_away(office, equipped).status_code == 303
    assert equipped.second_factor_since is None
    assert db.session.scalars(sa.select(BrowserSession).where(BrowserSession.person_id == equipped.id)).all() == []
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "SecondFactorsReset")).one()
    assert (entry.actor_id, entry.facts) == (admin.id, {"person_id": equipped.id})
    assert "Il tuo secondo passaggio di accesso è stato tolto" in db.session.scalars(
        sa.select(OutboxMessage.subject).where(OutboxMessage.recipient == equipped.email)).all()
    assert sign_in(browser()).location == "/"


@pytest.mark.parametrize("email", ["nessuno@example.org", "admin@example.org", "x"])
def test_an_address_without_one_gets_a_sentence(office, email):
    response = office.submit("/ufficio/secondo-passo", {"email": email})
    assert response.status_code == 200
    assert "Nessuno con questo indirizzo ha un secondo passaggio." in text_of(response)


def test_nobody_takes_away_their_own(office, admin, set_up):
    set_up(office)
    response = take_away(office, admin)
    assert response.status_code == 403
    assert "deve toglierlo qualcun altro" in text_of(response)
    assert admin.second_factor_since is not None


def test_it_asks_for_the_password_first(browser, admin, equipped):
    visitor = browser(admin)
    assert take_away(visitor, equipped).location.startswith("/profilo/riconosci")
    assert equipped.second_factor_since is not None


@pytest.mark.parametrize("roles", [(), (Role.MODERATOR,), (Role.PLAN_OFFICE,), (Role.DESK_OPERATOR,)])
def test_nobody_else_may(browser, equipped, make, roles):
    visitor = browser(make.person(*roles, password_hash=passwords.hashed(PASSWORD)))
    visitor.submit("/profilo/riconosci", {"password": PASSWORD})
    assert visitor.get("/ufficio/secondo-passo").status_code == 403
    assert take_away(visitor, equipped).status_code == 403
    assert equipped.second_factor_since is not None


@pytest.mark.parametrize("email", ["", "x", "nessuno@example.org", "\x00", "a" * 5000, "é@è"])
def test_unknown_addresses_are_unknown(office, email):
    assert office.post(PATH, {"email": email}).status_code == 404


def test_a_reset_twice_is_one(office, equipped):
    take_away(office, equipped)
    assert take_away(office, equipped).status_code == 303
    assert len(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "SecondFactorsReset")).all()) == 1


def test_the_command_does_it_when_nobody_can_sign_in(app, equipped):
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["factors", "reset", "cittadina@example.org"])
    assert (done.exit_code, done.output) == (0, "cittadina@example.org signs in with the password alone again.\n")
    again = app.test_cli_runner().invoke(args=["factors", "reset", "cittadina@example.org"])
    assert (again.exit_code, "has no second factor" in again.output) == (1, True)
    nobody = app.test_cli_runner().invoke(args=["factors", "reset", "nessuno@example.org"])
    assert (nobody.exit_code, "Nobody has registered" in nobody.output) == (1, True)
