"""The plan office writes sections, objectives and actions; whatever is typed gets a sentence, never a fault."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.planning import services
from consult.planning.models import (
    Action,
    ActionState,
    DraftConsultation,
    Objective,
    Paragraph,
    PlanState,
    Section,
)
from tests.browser import document, text_of
from tests.payloads import XSS

PLAN = "/piani/prova-2035"


@pytest.fixture
def office(make, browser):
    """Somebody of the plan office who reads English: the tests name msgids."""
    make.plan()
    office = browser(make.person(Role.PLAN_OFFICE))
    office.get(f"{PLAN}?lingua=en")
    return office


def events():
    return list(db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id)))


def test_a_section_is_written_previewed_saved_and_read(office, make, browser):
    seen = office.submit(f"{PLAN}/sezioni/nuova", {"title": "Visione", "body": "Uno.\n\n**Due**."},
                         button=("act", "preview"))
    assert seen.status_code == 200
    assert b"<strong>Due</strong>" in seen.data
    assert db.session.scalar(sa.select(Section)) is None
    saved = office.submit(f"{PLAN}/sezioni/nuova", {"title": "Visione", "body": "Uno.\n\n**Due**."},
                          button=("act", "save"))
    assert saved.status_code == 303
    section = db.session.scalar(sa.select(Section))
    assert [p.text for p in section.paragraphs] == ["Uno.", "**Due**."]
    assert saved.location.endswith(f"{PLAN}#s-{section.id}")
    page = browser().get(PLAN)
    assert f'id="p-{section.paragraphs[0].id}"'.encode() in page.data
    assert "PlanSectionAdded" in events()


def test_a_section_sent_twice_is_one_section(office):
    form = office.form(f"{PLAN}/sezioni/nuova")
    fields = {**form["fields"], "title": "Visione", "body": "Uno."}
    first, second = office.post(form["action"], fields), office.post(form["action"], fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Section)) == 1


def test_a_stale_edit_answers_409_with_both_texts_and_keeps_the_saved_one(office, make, browser):
    section = make.section("Il testo di prima.")
    path = f"{PLAN}/sezioni/{section.id}/modifica"
    old = office.form(path)["fields"]
    other = browser(make.person(Role.PLAN_OFFICE))
    assert other.submit(path, {"body": "Il testo della collega."}).status_code == 303
    stale = office.post(path, {**old, "body": "Il testo mio."})
    assert stale.status_code == 409
    assert "Il testo della collega." in text_of(stale)
    assert "Il testo mio." in text_of(stale)
    assert db.session.get(Section, section.id).body == "Il testo della collega."


@pytest.mark.parametrize("version", ["", "-1", "abc", "999999999999", "1.5"])
def test_a_version_nobody_saw_is_stale_too(office, make, version):
    section = make.section()
    answer = office.submit(f"{PLAN}/sezioni/{section.id}/modifica", {"version": version, "body": "Altro."})
    assert answer.status_code == 409


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"title": ""}, "Give the section a title."),
    ({"title": "x" * 241}, "Write at most 240 characters."),
    ({"body": " \n "}, "Write the text of the section."),
    ({"body": "x" * 40_001}, "Write at most 40000 characters."),
    ({"body": "a\n\n" * 201}, "A section holds at most 200 paragraphs"),
])
def test_what_a_section_cannot_be_is_said(office, make, changes, sentence):
    answer = office.submit(f"{PLAN}/sezioni/nuova", {"title": "Visione", "body": "Uno.", **changes},
                           button=("act", "save"))
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert db.session.scalar(sa.select(Section)) is None


def test_nothing_typed_in_a_section_runs(office, make, browser):
    writer = make.person(Role.PLAN_OFFICE)
    for payload in XSS:
        services.add_section(make.plan(), writer, title=payload[:240], body=payload)
    page = document(browser().get(PLAN))
    for element in page.iter():
        tag = str(element.tag).rpartition("}")[2]
        assert tag not in {"iframe", "object", "style", "base", "math", "form", "img"}
        assert not [name for name in element if str(name).startswith("on")]
        assert not str(element.get("href", "")).lower().strip().startswith(("javascript:", "data:", "vbscript:"))
        if tag == "script":
            assert element.get("src", "").startswith("/static/")


def test_broken_bytes_and_nul_are_no_fault(office):
    answer = office.submit(f"{PLAN}/sezioni/nuova", {"title": "a\x00b", "body": b"caf\xe9 \x00\xff"},
                           button=("act", "save"))
    assert answer.status_code == 303
    assert db.session.scalar(sa.select(Section)).title == "ab"


def test_order_is_changed_by_buttons_and_deletion_asks_the_links(office, make):
    first, second = make.section(), make.section()
    make.link(make.proposal(), first)
    assert office.post(f"{PLAN}/sezioni/{second.id}/sposta", {"verso": "su"}).status_code == 303
    assert db.session.scalars(sa.select(Section.id).order_by(Section.position)).first() == second.id
    kept = office.post(f"{PLAN}/sezioni/{first.id}/elimina")
    assert kept.status_code == 303
    assert "cannot be deleted" in text_of(office.get(kept.location))
    assert office.post(f"{PLAN}/sezioni/{second.id}/elimina").status_code == 303
    assert [s.id for s in db.session.scalars(sa.select(Section))] == [first.id]


SHEET = {"code": "A1.1.1", "title": "Una corsa ogni ora", "description": "Dalle **6** alle 21.", "state": "project",
         "lead": "Unione", "partners": "Provincia", "cost": "250.000 €", "fundings-0-source": "Regione",
         "fundings-0-amount": "100.000", "fundings-0-granted": "y", "referent": "Ufficio mobilità",
         "starts_on": "2027-01-01", "ends_on": "2029-12-31", "measures-0-title": "Corse al giorno",
         "measures-0-baseline": "8", "measures-0-target": "16", "milestones-0-title": "Prime corse",
         "milestones-0-due_on": "2027-06-30", "risks": "Poche prenotazioni", "cup": "A12B34567890123"}


@pytest.fixture
def objective(make):
    return make._add(Objective(axis=make.axis(), code="A1.1", position=1, title="Trasporti"))


def test_an_action_is_written_whole_read_and_changed(office, objective, browser):
    made = office.submit(f"{PLAN}/obiettivi/{objective.id}/azioni/nuova", SHEET)
    assert made.status_code == 303, text_of(made)
    action = db.session.scalar(sa.select(Action))
    assert (action.cost, action.state, action.ends_on.year) == (250_000, ActionState.PROJECT, 2029)
    page = text_of(browser().get(f"{PLAN}/azioni/a1.1.1"))
    for word in ("Una corsa ogni ora", "Unione", "Provincia", "Regione", "Corse al giorno", "16", "Prime corse",
                 "Poche prenotazioni", "A12B34567890123", "Ufficio mobilità", "40"):
        assert word in page
    path = f"{PLAN}/azioni/{action.id}/modifica"
    shown = office.form(path)["fields"]
    assert (shown["cost"], shown["starts_on"], shown["state"]) == ("250000", "2027-01-01", "project")
    assert (shown["fundings-0-source"], shown["measures-0-frequency"]) == ("Regione", "yearly")
    again = office.post(path, {**shown, "act": "row:fundings", "fundings-0-source": "Provincia"})
    assert again.status_code == 200
    assert b'name="fundings-1-source"' in again.data
    assert b'value="Provincia"' in again.data
    assert office.submit(path, {"cost": "", "ends_on": "", "milestones-0-title": "", "milestones-0-due_on": ""}
                         ).status_code == 303
    db.session.refresh(action)
    assert (action.cost, action.ends_on, action.version) == (None, None, 2)
    assert (action.milestones, [one.amount for one in action.fundings]) == ([], [100_000])
    assert events().count("ActionSaved") == 2


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"title": ""}, "Say what will be done."),
    ({"code": ""}, "Give a code, such as A1.2.1."),
    ({"code": "A 1/2"}, "Use letters, digits, full stops and hyphens only"),
    ({"code": "x" * 17}, "Write at most 16 characters."),
    ({"fundings-0-amount": "300000"}, "more than the cost"),
    ({"fundings-0-source": ""}, "Look at the rows"),
    ({"cup": "123"}, "fifteen letters"),
    ({"cost": "-1"}, "Write the amount in whole euros"),
    ({"cost": "molto"}, "Write the amount in whole euros"),
    ({"cost": "12,50"}, "Write the amount in whole euros"),
    ({"cost": "99999999999"}, "Write an amount of at most"),
    ({"cost": "2000000001"}, "Write an amount of at most"),
    ({"starts_on": "31/02/2027"}, "Write the day as day, month and year"),
    ({"starts_on": "0001-01-01"}, "Choose a year between"),
    ({"ends_on": "9999-12-31"}, "Choose a year between"),
    ({"ends_on": "2026-12-31"}, "It cannot end before it begins"),
    ({"state": "dreamt"}, "Choose one of the values offered."),
    ({"description": "x" * 6001}, "Write at most 6000 characters."),
])
def test_what_an_action_cannot_be_is_said_and_what_was_typed_stays(office, objective, changes, sentence):
    answer = office.submit(f"{PLAN}/obiettivi/{objective.id}/azioni/nuova", {**SHEET, **changes})
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert db.session.scalar(sa.select(Action)) is None
    typed = next(iter(changes.values()))
    if typed and typed != "dreamt":
        assert typed in answer.get_data(as_text=True)


def test_a_code_is_given_once_whatever_its_capitals(office, make, objective):
    other = make.action(code="A1.1.1")
    answer = office.submit(f"{PLAN}/obiettivi/{objective.id}/azioni/nuova", {**SHEET, "code": "a1.1.1"})
    assert "Another action has this code" in text_of(answer)
    again = office.submit(f"{PLAN}/assi/{objective.axis_id}/obiettivi/nuovo",
                          {"code": other.objective.code.lower(), "title": "Altro"})
    assert "Another objective has this code" in text_of(again)


def test_an_objective_is_written_changed_moved_and_deleted(office, make, objective):
    path = f"{PLAN}/assi/{objective.axis_id}/obiettivi/nuovo"
    assert office.submit(path, {"code": "A1.2", "title": "Case", "target": "Sessanta alloggi"}).status_code == 303
    new = db.session.scalar(sa.select(Objective).where(Objective.code == "A1.2"))
    assert new.position == 2
    assert office.submit(f"{PLAN}/obiettivi/{new.id}/modifica", {"title": "Le case"}).status_code == 303
    stale = office.submit(f"{PLAN}/obiettivi/{new.id}/modifica", {"title": "Altro", "version": "1"})
    assert stale.status_code == 409
    assert "Le case" in text_of(stale)
    office.post(f"{PLAN}/obiettivi/{new.id}/sposta", {"verso": "su"})
    assert db.session.get(Objective, new.id).position == 1
    make.action(objective=new)
    assert "it has actions" in text_of(office.get(office.post(f"{PLAN}/obiettivi/{new.id}/elimina").location))
    id = objective.id
    assert office.post(f"{PLAN}/obiettivi/{id}/elimina").status_code == 303
    assert db.session.scalar(sa.select(Objective).where(Objective.id == id)) is None


def test_a_linked_action_is_not_deleted(office, make):
    action, free = make.action(), make.action()
    make.link(make.proposal(), action)
    office.post(f"{PLAN}/azioni/{action.id}/elimina")
    office.post(f"{PLAN}/azioni/{free.id}/elimina")
    assert [a.id for a in db.session.scalars(sa.select(Action))] == [action.id]


def test_the_state_goes_forward_with_its_edition_and_ends_with_the_adoption(office, make):
    section = make.section()
    for state, edition in [("in_consultation", "0.3"), ("draft", "0.4"), ("in_consultation", "0.5"),
                           ("proposed", "0.9"), ("adopted", "1.0")]:
        act = {"body": "Consiglio dell'Unione", "act": "12/2026", "dated": "2026-01-15"} if state == "adopted" else {}
        assert office.submit(f"{PLAN}/stato", {"state": state, "edition": edition, **act}).status_code == 303
    plan = make.plan()
    assert (plan.state, plan.edition) == (PlanState.ADOPTED, "1.0")
    assert events().count("PlanStateChanged") == 5
    refused = office.get(f"{PLAN}/sezioni/{section.id}/modifica")
    assert refused.status_code == 403
    assert "no longer changes" in text_of(refused)
    assert office.get(f"{PLAN}/stato").status_code == 403


def test_a_state_that_cannot_follow_is_refused(office, make):
    answer = office.submit(f"{PLAN}/stato", {"state": "adopted", "edition": "1.0"})
    assert answer.status_code == 200
    assert make.plan().state is PlanState.DRAFT


def moment(instant):
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def consultation(**changes):
    now = clock.now()
    return {"title_it": "Commenta la bozza", "intro_it": "Che cosa **manca**?", "opens_at": moment(now),
            "closes_at": moment(now + timedelta(days=30)), **changes}


def test_a_consultation_is_opened_and_every_paragraph_can_be_commented(office, make, browser):
    section = make.section("Il primo.\n\nIl secondo.")
    answer = office.submit(f"{PLAN}/consultazioni/nuova", consultation())
    assert answer.status_code == 303, text_of(answer)
    assert "Che cosa manca" in text_of(browser().get(answer.location))
    assert all(paragraph.thread is not None for paragraph in section.paragraphs)
    page = browser().get(f"/paragrafi/{section.paragraphs[0].id}?lingua=en")
    assert "Sign in to comment" in text_of(page)
    assert "DraftConsultationAdded" in events()


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"title_it": ""}, "Give the consultation a title."),
    ({"intro_it": " "}, "Say what is asked of whoever reads."),
    ({"closes_at": ""}, "Closes: "),
    ({"closes_at": "2020-01-01T10:00"}, "The closing must come after the opening."),
    ({"closes_at": "2090-01-01T10:00"}, "The phase is over by then"),
    ({"opens_at": "domani"}, "Opens"),
    ({"phase": "999"}, "Choose one of the values offered."),
])
def test_what_a_consultation_cannot_be_is_said(office, make, changes, sentence):
    answer = office.submit(f"{PLAN}/consultazioni/nuova", consultation(**changes))
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert db.session.scalar(sa.select(DraftConsultation)) is None


WRITING = ["/sezioni/nuova", "/sezioni/{section}/modifica", "/assi/{axis}/obiettivi/nuovo",
           "/obiettivi/{objective}/modifica", "/obiettivi/{objective}/azioni/nuova", "/azioni/{action}/modifica",
           "/stato", "/collega", "/consultazioni/nuova"]
ACTS = ["/sezioni/{section}/sposta", "/sezioni/{section}/elimina", "/obiettivi/{objective}/sposta",
        "/obiettivi/{objective}/elimina", "/azioni/{action}/sposta", "/azioni/{action}/elimina",
        "/collegamenti/{link}/togli"]


@pytest.mark.parametrize("path", WRITING + ACTS)
def test_only_the_plan_office_writes(make, browser, path):
    action, section = make.action(), make.section()
    link = make.link(make.proposal(), action)
    path = PLAN + path.format(section=section.id, action=action.id, objective=action.objective_id,
                              axis=action.objective.axis_id, link=link.id)
    visitor, citizen, moderator = browser(), browser(make.person()), browser(make.person(Role.MODERATOR))
    assert visitor.post(path).status_code == 303
    assert "/accedi" in visitor.post(path).location or visitor.post(path).location == "/"
    assert citizen.post(path).status_code == 403
    assert moderator.post(path).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Action)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Section)) == 1


@pytest.mark.parametrize("path", [p for p in WRITING + ACTS if "{" in p])
@pytest.mark.parametrize("id", ["0", "999999", "2147483648", "99999999999999999999", "x"])
def test_parts_that_do_not_exist_are_unknown(office, path, id):
    path = PLAN + path.format(section=id, action=id, objective=id, axis=id, link=id)
    assert office.post(path).status_code == 404
    assert office.get(path).status_code in {404, 405}


def test_a_part_of_another_plan_is_unknown_here(office, make):
    """The ids of one plan under the address of another: a check of ownership, not of existence."""
    section = make.section()
    section.plan = make._add(type(make.plan())(
        process=make._add(type(make.process())(authority=make.authority(), slug="altro", code="ALT", title={"it": "A"},
                                               summary={}, vision={})),
        slug="altro", title="Altro", first_year=2027, last_year=2030))
    db.session.flush()
    assert office.get(f"{PLAN}/sezioni/{section.id}/modifica").status_code == 404
    assert office.post(f"{PLAN}/sezioni/{section.id}/elimina").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Paragraph)) == 1
