"""Registering an organisation, having it verified, and what is said of it."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation, Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from tests.browser import text_of


@pytest.fixture
def citizen(make):
    make.authority()
    return make.person(display_name="Carla")


def recorded():
    return db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()


def mails():
    """Subject, recipient and text of what waits to be sent."""
    rows = db.session.execute(sa.select(OutboxMessage.subject, OutboxMessage.recipient, OutboxMessage.text)
                              .order_by(OutboxMessage.id))
    return [tuple(row) for row in rows]


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
    ({"description": "x" * 1001}, "1.000"),
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
