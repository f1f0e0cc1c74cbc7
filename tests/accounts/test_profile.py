"""The profile: how one is shown and written to, where one is signed in, for whom one speaks."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import BrowserSession, Mandate, Organisation, Role
from consult.audit.models import AuditEntry
from consult.core import clock
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


# organisations
def register(visitor, make, **changes):
    make.organisation()  # brings a category
    category = db.session.scalars(sa.select(Organisation.category_id)).first()
    return visitor.submit("/profilo/organizzazioni/nuova", {
        "name": "Pro Loco Roccaprova", "category": str(category), "description": "La festa del paese.", **changes})


def test_an_organisation_waits_for_the_plan_office(browser, citizen, make):
    visitor = browser(citizen)
    assert register(visitor, make).status_code == 303
    organisation = db.session.scalars(sa.select(Organisation).order_by(Organisation.id.desc())).first()
    assert (organisation.name, organisation.slug, organisation.verified_at) == (
        "Pro Loco Roccaprova", "pro-loco-roccaprova", None)
    assert citizen.organisations == []
    assert "in attesa dell’ufficio di piano" in text_of(visitor.get("/profilo"))
    office = browser(make.person(Role.PLAN_OFFICE))
    page = text_of(office.get("/ufficio/organizzazioni"))
    assert "Pro Loco Roccaprova" in page
    assert "Carla" in page
    response = office.submit("/ufficio/organizzazioni", action=f"/ufficio/organizzazioni/{organisation.id}/verifica")
    assert response.status_code == 303
    assert [o.name for o in citizen.organisations] == ["Pro Loco Roccaprova"]
    assert "Nessuna organizzazione attende" in text_of(office.get("/ufficio/organizzazioni"))
    assert recorded()[-1] == "OrganisationVerified"


def test_only_the_plan_office_verifies(browser, citizen, make):
    organisation = make.organisation(verified_at=None)
    for person in (citizen, make.person(Role.MODERATOR)):
        visitor = browser(person)
        assert visitor.get("/ufficio/organizzazioni").status_code == 403
        assert visitor.post(f"/ufficio/organizzazioni/{organisation.id}/verifica").status_code == 403
    assert organisation.verified_at is None


def test_names_that_read_alike_get_addresses_of_their_own(browser, citizen, make):
    visitor = browser(citizen)
    register(visitor, make, name="Pro-Loco Rocca")
    register(visitor, make, name="Pro Loco Rocca!")
    slugs = db.session.scalars(sa.select(Organisation.slug).where(Organisation.slug.like("pro-loco%"))).all()
    assert sorted(slugs) == ["pro-loco-rocca", "pro-loco-rocca-2"]


def test_an_organisation_is_registered_once(browser, citizen, make):
    visitor = browser(citizen)
    register(visitor, make)
    again = register(visitor, make, name="PRO LOCO roccaprova")
    assert again.status_code == 200
    assert "C’è già un’organizzazione con questo nome." in text_of(again)
    assert len(citizen.mandates) == 1


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"name": ""}, "Scrivi il nome dell’organizzazione."),
    ({"name": "x" * 161}, "160"),
    ({"category": ""}, "Scegli che tipo di organizzazione è."),
    ({"category": "99999999999"}, "Scegli una delle voci proposte."),
    ({"municipality": "99999999"}, "Scegli una delle voci proposte."),
    ({"description": "x" * 1001}, "1000"),
])
def test_what_is_wrong_with_an_organisation_is_said(browser, citizen, make, changes, sentence):
    response = register(browser(citizen), make, **changes)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert citizen.mandates == []


def test_whoever_leaves_an_organisation_no_longer_speaks_for_it(browser, citizen, make):
    make.organisation(citizen)
    mandate = db.session.scalars(sa.select(Mandate)).one()
    visitor = browser(citizen)
    assert visitor.submit("/profilo", action=f"/profilo/organizzazioni/{mandate.id}/lascia").status_code == 303
    assert citizen.organisations == []
    assert mandate.ended_at <= clock.now()
    assert "Nessuna." in text_of(visitor.get("/profilo"))


def test_nobody_ends_the_mandate_of_somebody_else(browser, citizen, make):
    make.organisation(citizen)
    mandate = db.session.scalars(sa.select(Mandate)).one()
    assert browser(make.person()).post(f"/profilo/organizzazioni/{mandate.id}/lascia").status_code == 403
    assert browser().post(f"/profilo/organizzazioni/{mandate.id}/lascia").status_code == 303
    for id in (mandate.id + 1, 2147483648, 2**63):
        assert browser(citizen).post(f"/profilo/organizzazioni/{id}/lascia").status_code == 404
    assert mandate.ended_at is None
