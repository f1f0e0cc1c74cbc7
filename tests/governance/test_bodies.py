"""The bodies of a percorso: shown to everyone, set up by the plan office."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.governance.models import BodyKind, BodyMember, GovernanceBody
from consult.processes.models import Process
from tests.browser import text_of

PAGE = "/percorsi/prova/governance"


@pytest.fixture
def process(make):
    return make.process()


@pytest.fixture
def body(process):
    body = GovernanceBody(process=process, kind=BodyKind.STEERING_GROUP, position=1, meets=Localized.of("ogni mese"),
                          name=Localized.of("Cabina di regia"), mandate=Localized.of("Coordina il percorso."))
    db.session.add(body)
    db.session.flush()
    return body


@pytest.fixture
def desk(browser, make, process):
    return browser(make.person(Role.PLAN_OFFICE, display_name="Paolo"))


def bodies():
    return db.session.scalars(sa.select(GovernanceBody).order_by(GovernanceBody.position)).all()


def sit(body, **values):
    member = BodyMember(body=body, **values)
    db.session.add(member)
    db.session.flush()
    return member


def test_everyone_reads_who_decides_and_how_to_write(browser, body, make):
    sit(body, person=make.person(display_name="Marta Zanelli", email="marta@example.org"), title="Direttrice")
    sit(body, organisation=make.organisation(name="Pro Loco"))
    sit(body, name="Un esterno")
    sit(body, name="Chi se n’è andato", until=clock.today() - timedelta(days=1))
    sit(body, name="Chi verrà", since=clock.today() + timedelta(days=1))
    response = browser().get(PAGE)
    page = text_of(response)
    for shown in ("Cabina di regia", "Coordina il percorso.", "ogni mese", "Marta Zanelli", "Direttrice", "Pro Loco",
                  "Un esterno", "unione@example.org"):
        assert shown in page
    for hidden in ("Chi se n’è andato", "Chi verrà", "marta@example.org"):
        assert hidden not in page
    assert 'href="/organizzazioni/org-' in response.get_data(as_text=True)


def test_the_percorso_leads_there_once_there_is_a_body(browser, process):
    assert PAGE not in browser().get("/percorsi/prova").get_data(as_text=True)
    assert "non sono ancora stati indicati" in text_of(browser().get(PAGE))


def test_the_percorso_leads_to_its_bodies(browser, body):
    assert PAGE in browser().get("/percorsi/prova").get_data(as_text=True)


def test_the_bodies_of_a_percorso_that_is_not_public_are_unknown(browser, body):
    body.process.published = False
    assert browser().get(PAGE).status_code == 404


def test_a_body_is_added_changed_ordered_and_removed(desk, make, process):
    axis = make.axis()
    for name in ("Cabina", "Forum"):
        made = desk.submit("/ufficio/percorsi/prova/organi/nuovo", {
            "kind": "forum", "name_it": name, "name_en": f"{name} (en)", "axis": str(axis.id)})
        assert made.status_code == 303
    first, second = bodies()
    assert (first.kind, first.axis_id, second.position) == (BodyKind.FORUM, axis.id, 2)
    desk.submit(f"/ufficio/organi/{first.id}/modifica", {"kind": "steering_group", "mandate_it": "Decide."})
    assert (first.kind, first.mandate.in_language("it"), first.version) == (BodyKind.STEERING_GROUP, "Decide.", 2)
    desk.post(f"/ufficio/organi/{second.id}/sposta", {"where": "up"})
    assert [b.name.in_language("it") for b in bodies()] == ["Forum", "Cabina"]
    desk.submit(f"/ufficio/organi/{first.id}/componenti/nuovo", {"name": "Qualcuno"})
    assert desk.submit(f"/ufficio/organi/{first.id}", action=f"/ufficio/organi/{first.id}/elimina").status_code == 303
    assert [b.name.in_language("it") for b in bodies()] == ["Forum"]
    assert db.session.scalars(sa.select(BodyMember)).all() == []
    events = db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert [e for e in events if e != "SignedIn"] == [
        "BodyAdded", "BodyAdded", "BodyChanged", "BodyChanged", "MemberAdded", "BodyRemoved"]


def test_a_stale_change_shows_both_texts(desk, body):
    path = f"/ufficio/organi/{body.id}/modifica"
    form = desk.form(path)
    desk.submit(path, {"name_it": "Prima"})
    answered = desk.post(path, {**form["fields"], "name_it": "Seconda"})
    assert answered.status_code == 409
    assert "Prima" in text_of(answered)
    assert "Seconda" in text_of(answered)


def test_members_are_staff_organisations_or_names_and_one_of_these(desk, body, make):
    organisation, citizen = make.organisation(name="Pro Loco"), make.person(display_name="Cittadina qualunque")
    path = f"/ufficio/organi/{body.id}/componenti/nuovo"
    page = text_of(desk.get(path))
    assert "Paolo" in page
    assert "Cittadina qualunque" not in page
    assert desk.submit(path, {"organisation": str(organisation.id), "title": "Socia", "since": "2026-01-19"}
                       ).status_code == 303
    for wrong in ({}, {"name": "A", "organisation": str(organisation.id)}):
        assert "una sola delle tre cose" in text_of(desk.submit(path, wrong))
    for wrong in ({"person": str(citizen.id)}, {"person": "99999999999"}, {"organisation": "x"}):
        assert desk.submit(path, wrong).status_code == 200
    assert [(m.called, m.title) for m in body.members] == [("Pro Loco", "Socia")]


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"since": "2026-02-02", "until": "2026-02-01"}, "La fine"),
    ({"since": "0001-01-01"}, "Questa non è una data"),
    ({"since": "boh"}, "Questa non è una data"),
    ({"title": "x" * 161}, "160"),
])
def test_what_is_wrong_with_a_member_is_said(desk, body, changes, sentence):
    answered = desk.submit(f"/ufficio/organi/{body.id}/componenti/nuovo", {"name": "A", **changes})
    assert answered.status_code == 200
    assert sentence in text_of(answered)
    assert body.members == []


def test_a_member_is_changed_and_taken_off(desk, body):
    member = sit(body, name="A")
    desk.submit(f"/ufficio/componenti/{member.id}", {"title": "Presidente", "until": clock.today().isoformat()})
    assert (member.title, member.until, member.sits()) == ("Presidente", clock.today(), True)
    desk.submit(f"/ufficio/organi/{body.id}", action=f"/ufficio/componenti/{member.id}/togli")
    assert body.members == []


def test_only_the_plan_office_of_the_percorso_sets_up_bodies(browser, body, make):
    elsewhere = Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"),
                        summary=Localized(), vision=Localized())
    db.session.add(elsewhere)
    db.session.flush()
    member = sit(body, name="A")
    for person in (make.person(), make.person(Role.STEERING), make.person(Role.PLAN_OFFICE, process=elsewhere)):
        visitor = browser(person)
        assert visitor.get("/ufficio/percorsi/prova/organi").status_code == 403
        assert visitor.get(f"/ufficio/organi/{body.id}").status_code == 403
        assert visitor.post(f"/ufficio/organi/{body.id}/elimina").status_code == 403
        assert visitor.post(f"/ufficio/componenti/{member.id}/togli").status_code == 403
    assert browser(make.person(Role.PLAN_OFFICE, process=body.process)).get(
        f"/ufficio/organi/{body.id}").status_code == 200


def test_the_page_asks_no_more_for_many_members(browser, body, make, queries):
    sit(body, person=make.person())
    visitor = browser(make.person())
    with queries() as few:
        visitor.get(PAGE)
    for _ in range(6):
        sit(body, person=make.person())
        sit(body, organisation=make.organisation())
    with queries() as many:
        visitor.get(PAGE)
    assert len(many) == len(few)
