"""The profile: how one is shown and written to, where one is signed in."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import BrowserSession
from consult.audit.models import AuditEntry
from consult.core.db import db
from tests.browser import text_of


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(display_name="Carla")


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def test_a_visitor_has_none(browser, make):
    make.authority()
    assert browser().get("/profilo").location == "/accedi?next=/profilo"


def test_name_municipality_and_language_can_be_changed(browser, citizen, make):
    other = make.municipality("Altrove")
    visitor = browser(citizen)
    response = visitor.submit("/profilo", {"display_name": " Carla  Nuova ", "municipality": str(other.id),
                                           "language": "de"})
    assert (response.status_code, response.location) == (303, "/profilo")
    assert (citizen.display_name, citizen.municipality_id, citizen.language) == ("Carla Nuova", other.id, "de")
    assert recorded()[-1] == "ProfileChanged"
    assert "Il profilo è salvato." in text_of(visitor.get("/profilo"))


def test_saving_without_a_change_records_nothing(browser, citizen):
    browser(citizen).submit("/profilo")
    assert recorded() == ["SignedIn"]


def test_whoever_moved_away_can_say_so(browser, citizen):
    browser(citizen).submit("/profilo", {"municipality": "0"})
    assert citizen.municipality_id is None


def test_a_verified_residence_cannot_be_changed_by_oneself(browser, make):
    make.authority()
    resident, other = make.person(verified=True), make.municipality()
    before = resident.municipality_id
    visitor = browser(resident)
    page = visitor.get("/profilo").get_data(as_text=True)
    assert 'name="municipality"' not in page
    assert "La tua residenza è verificata." in page
    visitor.submit("/profilo", {"municipality": str(other.id), "display_name": "Altro nome"})
    assert (resident.municipality_id, resident.display_name) == (before, "Altro nome")


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"display_name": ""}, "Scrivi il nome con cui vuoi comparire."),
    ({"display_name": "carla@example.org"}, "Scrivi un nome, non un indirizzo"),
    ({"municipality": "2147483648"}, "Scegli una delle voci proposte."),
    ({"municipality": ""}, "Scegli il comune in cui vivi."),
    ({"language": "xx"}, "Scegli una delle voci proposte."),
])
def test_what_is_wrong_is_said(browser, citizen, changes, sentence):
    response = browser(citizen).submit("/profilo", {"display_name": "Altra", **changes})
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert citizen.display_name == "Carla"


def test_others_columns_are_not_taken(browser, citizen):
    browser(citizen).submit("/profilo", {"email": "altra@example.org", "confirmed_at": "", "title": "Sindaca",
                                         "password_hash": "x", "role": "platform_admin", "id": "1", "closed_at": "x"})
    assert citizen.email != "altra@example.org"
    assert (citizen.title, citizen.password_hash, citizen.role_grants, citizen.closed_at) == ("", None, [], None)


def test_open_sessions_are_listed_and_ended_together(browser, citizen):
    here, elsewhere = browser(citizen), browser(citizen)
    page = text_of(here.get("/profilo"))
    assert page.count("Browser sconosciuto") == 2
    assert page.count("questo") >= 1
    response = here.submit("/profilo", action="/profilo/sessioni/chiudi")
    assert (response.status_code, response.location) == (303, "/accedi")
    assert elsewhere.get("/profilo").status_code == 303
    assert here.get("/profilo").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(BrowserSession.id))) == 0
    assert recorded()[-1] == "SignedOut"


def test_nobody_sees_the_sessions_of_somebody_else(browser, citizen, make):
    browser(citizen)
    page = text_of(browser(make.person()).get("/profilo"))
    assert page.count("Browser sconosciuto") == 1


def test_the_page_asks_no_more_for_many_sessions_and_mandates(browser, citizen, make, queries):
    visitor = browser(citizen)
    make.organisation(citizen)
    with queries() as few:
        visitor.get("/profilo")
    for _ in range(10):
        browser(citizen)
        make.organisation(citizen)
    with queries() as many:
        visitor.get("/profilo")
    assert len(many) == len(few) <= 12
