"""What somebody typed and did not save is kept for them alone, and found again."""

import threading

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.accounts.personal import PersonErased
from consult.core import events
from consult.core.db import db
from consult.drafting import typed
from consult.drafting.models import PlanDraft
from consult.planning.models import Objective, Section
from tests.browser import text_of

PLAN = "/piani/prova-2035"


@pytest.fixture
def anna(make):
    make.plan()
    return make.person(Role.PLAN_OFFICE)


def office(browser, person):
    """A browser that reads English: the tests name msgids."""
    started = browser(person)
    started.get(f"{PLAN}?lingua=en")
    return started


def drafts():
    return dict(db.session.execute(sa.select(PlanDraft.ref, PlanDraft.fields)).all())


def test_what_a_script_keeps_is_offered_to_whoever_typed_it_and_to_nobody_else(make, browser, anna):
    section = make.section("Il testo di prima.", title="Visione")
    path, kept = f"{PLAN}/sezioni/{section.id}/modifica", f"{PLAN}/bozze/s{section.id}"
    first = office(browser, anna)
    form = first.form(path)["fields"]
    answer = first.post(kept, {**form, "body": "Un testo <b>a metà</b>", "act": "draft"})
    assert answer.status_code == 200
    assert b"data-said" in answer.data
    assert db.session.get_one(Section, section.id).body == "Il testo di prima."
    again = office(browser, anna).get(path)  # another browser, as after a crash
    assert "did not save it" in text_of(again)
    assert "did not save it" not in text_of(office(browser, make.person(Role.PLAN_OFFICE)).get(path))
    resumed = first.post(path, {**dict(drafts()[f"s{section.id}"]), "csrf_token": form.get("csrf_token", ""),
                                "act": "resume"})
    assert resumed.status_code == 200
    assert "Un testo &lt;b&gt;a metà&lt;/b&gt;" in resumed.data.decode()
    assert db.session.get_one(Section, section.id).version == 1
    assert first.post(path, {**form, "body": "Un testo intero.", "act": "save"}).status_code == 303
    assert drafts() == {}


def test_a_button_keeps_it_without_scripts_and_another_throws_it_away(make, browser, anna):
    objective = make._add(Objective(axis=make.axis(), code="A1", position=1, title="Muoversi"))
    action = make.action(objective=objective, code="A1.1")
    first = office(browser, anna)
    for path, ref in ((f"{PLAN}/obiettivi/{objective.id}/modifica", f"o{objective.id}"),
                      (f"{PLAN}/azioni/{action.id}/modifica", f"a{action.id}")):
        fields = {**first.form(path)["fields"], "title": "A metà"}
        assert f'formaction="{PLAN}/bozze/{ref}"'.encode() in first.get(path).data
        assert first.post(f"{PLAN}/bozze/{ref}", {**fields, "act": "keep"}).location.endswith(path)
        resumed = first.post(path, {**fields, "act": "resume"})
        assert (resumed.status_code, b'value="A met\xc3\xa0"' in resumed.data) == (200, True)
        assert dict(drafts()[ref])["title"] == "A metà"
        assert first.post(f"{PLAN}/bozze/{ref}/elimina").status_code == 303
        assert drafts() == {}
    assert first.post(f"{PLAN}/bozze/s99", {"act": "keep"}).status_code == 404
    assert first.post(f"{PLAN}/bozze/o{objective.id}", {"title": "x" * 90_000, "act": "draft"}).status_code == 422
    assert drafts() == {}


def test_what_is_typed_into_a_part_that_was_never_saved_is_kept_and_goes_once_it_is(make, browser, anna):
    objective = make._add(Objective(axis=make.axis(), code="A1", position=1, title="Muoversi"))
    places = {f"{PLAN}/sezioni/nuova": (f"n{make.plan().id}", {"body": "Un testo."}),
              f"{PLAN}/assi/{objective.axis_id}/obiettivi/nuovo": (f"nx{objective.axis_id}", {"code": "A1.9"}),
              f"{PLAN}/obiettivi/{objective.id}/azioni/nuova": (f"no{objective.id}", {"code": "A1.9.1"})}
    first = office(browser, anna)
    for path, (ref, more) in places.items():
        fields = {**first.form(path)["fields"], "title": "A metà", **more}
        assert f'data-writing="{PLAN}/bozze/{ref}"'.encode() in first.get(path).data
        assert first.post(f"{PLAN}/bozze/{ref}", {**fields, "act": "draft"}).status_code == 200
        assert first.post(f"{PLAN}/bozze/{ref}", {**fields, "act": "keep"}).location.endswith(path)
        assert "did not save it" in text_of(office(browser, anna).get(path))
        resumed = first.post(path, {**dict(drafts()[ref]), "act": "resume"})
        assert (resumed.status_code, b'value="A met\xc3\xa0"' in resumed.data) == (200, True)
        assert first.post(path, {**fields, "act": "save", "once": ref}).status_code == 303
        assert drafts() == {}
        assert "did not save it" not in text_of(first.get(path))
    for ref in ("n99", "nx99", "no99", "nox1", "n", f"x{objective.axis_id}"):
        assert first.post(f"{PLAN}/bozze/{ref}", {"act": "draft"}).status_code == 404


def test_drafts_go_with_whoever_typed_them(make, anna):
    section = make.section()
    typed.keep(make.plan(), section, anna, [("body", "a metà"), ("csrf_token", "secret")])
    assert drafts() == {f"s{section.id}": [["body", "a metà"]]}
    events.record(PersonErased(actor_id=anna.id, person_id=anna.id, withdraw=False))
    assert drafts() == {}


def test_of_several_who_type_at_once_each_finds_their_own(app, make):
    section, people = make.section(), [make.person(Role.PLAN_OFFICE).id for _ in range(4)]
    id = section.id
    db.session.commit()
    gate, faults = threading.Barrier(8), []

    def keep(number):
        with app.app_context():
            gate.wait()
            try:
                part = db.session.get_one(Section, id)
                person = db.session.get_one(Person, people[number % 4])
                typed.keep(part.plan, part, person, [("body", f"di {number % 4}")])
                db.session.commit()
            except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells it
                faults.append(fault)
                db.session.rollback()

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = {one.person_id: one.fields for one in db.session.scalars(sa.select(PlanDraft))}
    assert found == {person: [["body", f"di {number}"]] for number, person in enumerate(people)}
