"""Every save of a part of the plan is kept, any two are compared word by word, and one can be brought back."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from consult.accounts.models import Role
from consult.core.db import StaleVersionError, db
from consult.drafting import contents, queries, services
from consult.drafting.models import PlanRevision
from consult.planning import programme
from consult.planning import services as planning
from consult.planning.models import Action, Frequency, Measured, Objective, Section
from consult.planning.programme import ProjectSheet
from tests.browser import text_of

PLAN = "/piani/prova-2035"
WORDS = st.lists(st.sampled_from(["uno", "due", "\n", "\n\n", "  ", "**tre**", "à", "{{ azione A1 }}", "-", "a-b"])
                 ).map(" ".join)


@pytest.fixture
def office(make, browser):
    """Somebody of the plan office who reads English: the tests name msgids."""
    make.plan()
    office = browser(make.person(Role.PLAN_OFFICE, display_name="Anna"))
    office.get(f"{PLAN}?lingua=en")
    return office


@given(WORDS, WORDS)
def test_what_was_added_and_removed_applied_to_the_first_gives_the_second(before, after):
    for change in contents.changes({"title": "Uno", "body": before}, {"title": "Due", "body": after}, {}):
        told = dict(zip(("Uno", before), ("Due", after), strict=True))
        earlier = "".join(piece.text for piece in change.pieces if piece.mark != "ins")
        assert told[earlier] == "".join(piece.text for piece in change.pieces if piece.mark != "del")


def revisions(part):
    return [(one.number, one.role, one.restored_from) for one in queries.revisions(part)]


def test_every_save_is_a_revision_and_bringing_one_back_makes_a_new_one(make, office, browser):
    made = office.submit(f"{PLAN}/sezioni/nuova", {"title": "Visione", "body": "Il testo di prima."})
    assert made.status_code == 303
    section = db.session.scalars(sa.select(Section)).one()
    path, story = f"{PLAN}/sezioni/{section.id}/modifica", f"{PLAN}/storia/s{section.id}"
    assert office.submit(path, {"body": "Il testo di dopo."}).status_code == 303
    assert revisions(section) == [(2, "plan_office", None), (1, "plan_office", None)]
    page = office.get(story)
    assert "Anna" in text_of(page)
    assert b"<del" in page.data
    assert b"<ins" in page.data
    assert office.post(f"{story}/1/ripristina", {"version": "2"}).status_code == 303
    db.session.refresh(section)
    assert (section.body, section.version) == ("Il testo di prima.", 3)
    assert revisions(section)[0] == (3, "plan_office", 1)
    assert [paragraph.text for paragraph in section.paragraphs if not paragraph.removed_at] == ["Il testo di prima."]
    stale = office.post(f"{story}/2/ripristina", {"version": "2"})
    assert "in the meantime" in text_of(office.get(stale.location))
    assert len(revisions(section)) == 3
    assert browser().get(story).status_code in {302, 303, 401, 403}
    assert office.get(f"{PLAN}/storia/s999").status_code == 404
    assert office.get(f"{PLAN}/storia/x1").status_code == 404
    assert office.post(f"{story}/77/ripristina", {"version": "3"}).status_code == 404


def test_a_project_sheet_comes_back_whole(make):
    anna, town, plan = make.person(Role.PLAN_OFFICE), make.town(), make.plan()
    objective = make._add(Objective(axis=make.axis(), code="A1", position=1, title="Muoversi"))
    one = make.indicator({town: 3})
    first = ProjectSheet(
        code="A1.1", title="Corse", need="Lo dicono in tanti.", cost=100, municipalities=[town],
        fundings=[{"source": "Regione", "amount": 60, "granted": True}],
        milestones=[{"title": "Bando", "due_on": date(2027, 3, 1), "reached_on": None}],
        measures=[{"kind": Measured.OUTPUT, "title": "Corse", "baseline": "0",
                   "target": "9", "frequency": Frequency.YEARLY,
                   "indicator_id": one.id}])
    action = programme.add_action(plan, objective, anna, first)
    before = contents.of(action)
    programme.edit_action(plan, action, anna, ProjectSheet(code="A1.2", title="Altro"), seen=1)
    assert contents.of(action) != before
    labels = [str(change.label) for change in contents.changes(before, contents.of(action), {town.id: town.name})]
    assert len(labels) == 8
    services.restore(plan, action, queries.revision(action, 1), anna, seen=2)
    db.session.expire_all()
    again = db.session.get_one(Action, action.id)
    assert contents.of(again) == before
    assert (again.version, again.covered) == (3, 0.6)
    assert revisions(again)[0] == (3, "plan_office", 1)


def test_the_history_takes_as_many_questions_however_long_it_is(make, office, queries):
    section = make.section("Uno.")

    def save(text):
        db.session.expire_all()
        planning.edit_section(section, make.person(Role.PLAN_OFFICE), seen=section.version, title="T", body=text)
        db.session.commit()

    save("Testo primo.")
    save("Testo secondo.")
    office.get(f"{PLAN}/storia/s{section.id}")
    with queries() as seen:
        office.get(f"{PLAN}/storia/s{section.id}")
    few = len(seen)
    for number in range(8):
        save(f"Altro {number}.")
    with queries() as seen:
        page = office.get(f"{PLAN}/storia/s{section.id}")
    assert page.data.count(b"/ripristina") == 9
    assert len(seen) <= few


def test_a_conflict_keeps_what_was_typed_and_lets_pieces_be_taken_over(make, office, browser):
    section = make.section("Il testo di prima.", title="Visione")
    path = f"{PLAN}/sezioni/{section.id}/modifica"
    mine = {**office.form(path)["fields"], "body": "Il testo mio.", "title": "Il mio titolo"}
    other = browser(make.person(Role.PLAN_OFFICE))
    assert other.submit(path, {"body": "Il testo della collega."}).status_code == 303
    stale = office.post(path, {**mine, "act": "save"})
    assert stale.status_code == 409
    assert "Il testo della collega." in text_of(stale)
    assert b'name="version" type="hidden" value="2"' in stale.data
    fields = {**mine, "version": "2"}
    taken = office.post(path, {**fields, "act": "take:title"})
    assert taken.status_code == 200
    assert b'value="Visione"' in taken.data
    assert b"Il testo mio." in taken.data
    assert db.session.get_one(Section, section.id).body == "Il testo della collega."
    saved = office.post(path, {**fields, "title": "Visione", "act": "save"})
    assert saved.status_code == 303
    db.session.expire_all()
    assert (section.body, section.title, section.version) == ("Il testo mio.", "Visione", 3)


def test_of_those_who_save_at_the_same_time_one_is_kept_and_the_others_are_told(app, make):
    section, anna = make.section("Uno."), make.person(Role.PLAN_OFFICE)
    id, who = section.id, anna.id
    db.session.commit()
    told, gate = [], threading.Barrier(4)

    def save(number):
        with app.app_context():
            gate.wait()
            try:
                part = db.session.get_one(Section, id)
                planning.edit_section(part, db.session.get_one(type(anna), who), seen=1, title="T", body=f"{number}")
                db.session.commit()
                told.append("saved")
            except StaleVersionError:
                db.session.rollback()
                told.append("told")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["saved", "told", "told", "told"]
    db.session.expire_all()
    kept = db.session.scalars(sa.select(PlanRevision).where(PlanRevision.part_id == id)).all()
    assert [one.content["body"] for one in kept] == [db.session.get_one(Section, id).body]
