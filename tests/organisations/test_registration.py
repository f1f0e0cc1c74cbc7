"""Registering an organisation, having it verified, and what is said of it."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation, Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.organisations import describing
from consult.organisations.models import Description, Standing
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


# what the plan office decides
@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE, email="ufficio@example.org")


def registered(visitor, make, **changes):
    register(visitor, make, **changes)
    return db.session.scalars(sa.select(Organisation).order_by(Organisation.id.desc())).first()


def test_whoever_registers_speaks_and_signs_and_is_told_when_it_is_verified(browser, citizen, make, office):
    organisation = registered(browser(citizen), make)
    assert [mandate.kind.value for mandate in citizen.mandates] == ["signs"]
    browser(office).submit("/ufficio/organizzazioni", action=f"/ufficio/organizzazioni/{organisation.id}/verifica")
    subject, recipient, text = mails()[-1]
    assert (subject, recipient) == ("Pro Loco Roccaprova è verificata", citizen.email)
    assert "/organizzazioni/pro-loco-roccaprova" in text


def test_a_refusal_carries_its_reason_and_can_be_put_right(browser, citizen, make, office):
    visitor, desk = browser(citizen), browser(office)
    organisation = registered(visitor, make)
    refuse = f"/ufficio/organizzazioni/{organisation.id}/rifiuta"
    assert "Scrivi il motivo" in text_of(desk.submit(refuse, {"reason": "  "}))
    assert organisation.refused_at is None
    assert desk.submit(refuse, {"reason": "Manca lo statuto."}).status_code == 303
    assert mails()[-1][:2] == ("Pro Loco Roccaprova non è stata verificata", citizen.email)
    assert "Manca lo statuto." in mails()[-1][2]
    assert "Manca lo statuto." in text_of(visitor.get(f"/profilo/organizzazioni/{organisation.id}"))
    assert "Pro Loco" not in text_of(desk.get("/ufficio/organizzazioni"))
    visitor.submit(f"/profilo/organizzazioni/{organisation.id}/modifica",
                   {"description": "Con lo statuto: **eccolo**."})
    assert (organisation.refused_at, organisation.refusal) == (None, "")
    assert organisation.description_html == "<p>Con lo statuto: <strong>eccolo</strong>.</p>\n"
    assert "Pro Loco" in text_of(desk.get("/ufficio/organizzazioni"))
    assert recorded()[-2:] == ["OrganisationRefused", "OrganisationCorrected"]


def test_a_refused_name_is_free_for_whoever_it_belongs_to(browser, citizen, make, office):
    organisation = registered(browser(citizen), make)
    browser(office).submit(f"/ufficio/organizzazioni/{organisation.id}/rifiuta", {"reason": "Non la rappresenta."})
    assert registered(browser(make.person()), make).slug == "pro-loco-roccaprova-2"


def test_what_changed_while_it_was_read_is_read_again(browser, citizen, make, office):
    desk = browser(office)
    organisation = registered(browser(citizen), make)
    action = f"/ufficio/organizzazioni/{organisation.id}/verifica"
    form = desk.form("/ufficio/organizzazioni", action)
    browser(citizen).submit(f"/profilo/organizzazioni/{organisation.id}/modifica", {"description": "Altro."})
    desk.post(action, form["fields"])
    assert organisation.verified_at is None
    assert "rileggila" in text_of(desk.get("/ufficio/organizzazioni"))
    assert desk.post(action, {"version": "x"}).status_code == 303
    assert desk.post(action).status_code == 303
    assert organisation.verified_at is None


def test_an_organisation_is_verified_once(browser, citizen, make, office):
    organisation, desk = registered(browser(citizen), make), browser(office)
    desk.submit("/ufficio/organizzazioni", action=f"/ufficio/organizzazioni/{organisation.id}/verifica")
    assert desk.post(f"/ufficio/organizzazioni/{organisation.id}/verifica", {"version": "2"}).status_code == 403
    assert desk.get(f"/ufficio/organizzazioni/{organisation.id}/rifiuta").status_code == 403
    assert browser(citizen).get(f"/profilo/organizzazioni/{organisation.id}/modifica").status_code == 403


# descriptions
def test_a_new_description_is_shown_once_a_moderator_has_published_it(browser, citizen, make):
    organisation = make.organisation(citizen, description="Prima.", description_html="<p>Prima.</p>")
    visitor, page = browser(citizen), f"/organizzazioni/{organisation.slug}"
    assert visitor.submit(f"/profilo/organizzazioni/{organisation.id}/descrizione",
                          {"description": "Dopo <script>x</script>."}).status_code == 303
    assert "Dopo" not in text_of(browser().get(page))
    assert "Dopo" in text_of(visitor.get(f"/profilo/organizzazioni/{organisation.id}"))
    waiting = db.session.scalars(sa.select(Description)).one()
    describing.stand(waiting, Standing.PUBLISHED, actor=make.person())
    db.session.commit()
    assert "Dopo" in text_of(browser().get(page))
    assert "<script>x" not in browser().get(page).get_data(as_text=True)
    assert recorded()[-2:] == ["DescriptionProposed", "DescriptionStands"]


def test_what_an_organisation_said_when_it_was_registered_waits_too(browser, citizen, make, office):
    organisation, desk = registered(browser(citizen), make), browser(office)
    desk.submit("/ufficio/organizzazioni", action=f"/ufficio/organizzazioni/{organisation.id}/verifica")
    waiting = db.session.scalars(sa.select(Description)).one()
    assert (waiting.text, waiting.standing, waiting.writer_id) == (
        "La festa del paese.", Standing.PENDING, citizen.id)
    assert organisation.description == ""


def test_the_plan_office_says_when_descriptions_are_read(browser, citizen, make, office):
    organisation = make.organisation(citizen)
    answer = browser(office).submit("/ufficio/organizzazioni", {"reading": "afterwards"},
                                    action="/ufficio/organizzazioni/descrizioni")
    assert answer.status_code == 303
    browser(citizen).submit(f"/profilo/organizzazioni/{organisation.id}/descrizione", {"description": "Subito."})
    assert "Subito." in text_of(browser().get(f"/organizzazioni/{organisation.slug}"))
    assert browser(citizen).post("/ufficio/organizzazioni/descrizioni", {"reading": "first"}).status_code == 403


def test_a_stale_description_shows_both_texts(browser, citizen, make):
    organisation = make.organisation(citizen)
    visitor, path = browser(citizen), f"/profilo/organizzazioni/{organisation.id}/descrizione"
    form = visitor.form(path)
    visitor.submit(path, {"description": "Il primo testo."})
    answered = visitor.post(path, {**form["fields"], "description": "Il secondo testo."})
    assert answered.status_code == 409
    assert "Il primo testo." in text_of(answered)
    assert "Il secondo testo." in text_of(answered)


def test_nobody_else_describes_or_corrects(browser, citizen, make, office):
    verified, waiting = make.organisation(citizen), make.organisation(citizen, verified_at=None)
    for person in (make.person(), office):
        assert browser(person).get(f"/profilo/organizzazioni/{verified.id}/descrizione").status_code == 403
        assert browser(person).get(f"/profilo/organizzazioni/{waiting.id}/modifica").status_code == 403
    assert browser(make.person()).get(f"/profilo/organizzazioni/{verified.id}").status_code == 403
    assert browser(office).get(f"/profilo/organizzazioni/{verified.id}").status_code == 200
    assert browser().get(f"/profilo/organizzazioni/{verified.id}").status_code == 303
