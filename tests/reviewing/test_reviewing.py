"""Notes among those who write the plan, and how far each part is: kept, asked for, and seen by nobody else."""

import itertools
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult import editions, publishing, results
from consult.accounts.models import Person, Role
from consult.audit.models import AuditEntry
from consult.core.db import StaleVersionError, db
from consult.drafting import services as drafting
from consult.planning import programme
from consult.planning import services as planning
from consult.planning.models import Plan, PlanState, Section
from consult.planning.programme import ObjectiveText
from consult.reviewing import parts, queries, services
from consult.reviewing.models import PlanNote, PlanReview, ReviewState
from tests.browser import text_of

PLAN = "/piani/prova-2035"
WORK = f"{PLAN}/lavoro"
SECRET = "zqappunto"
WRITING, TO_READ, AGREED = ReviewState


@pytest.fixture
def plan(make):
    return make.plan()


@pytest.fixture
def anna(make, plan):
    return make.person(Role.PLAN_OFFICE, display_name="Anna")


@pytest.fixture
def bruno(make, plan):
    return make.person(Role.STEERING, display_name="Bruno")


def reader(browser, person):
    """A browser that reads English: the tests name msgids."""
    started = browser(person)
    started.get(f"{PLAN}?lingua=en")
    return started


def called(plan, ref):
    db.session.flush()
    db.session.expire_all()
    return parts.called(plan, ref)


def state_of(plan, ref):
    part = called(plan, ref)
    return queries.standing(queries.reviews(plan, ref).get((ref, 0)), part.mark)


def waiting(plan, person):
    return [row.part.ref for row in queries.contents(plan, person, services.roles_of(person, plan)) if row.waits]


def test_a_note_is_answered_resolved_and_opened_again_each_by_whom_and_when(make, browser, plan, anna, bruno):
    section = make.section("Uno.\n\nDue.", title="Visione")
    ref, second = f"s{section.id}", section.paragraphs[1].id
    steering, office = reader(browser, bruno), reader(browser, anna)
    assert steering.submit(f"{WORK}/{ref}", {"body": "Dirlo meglio.", "paragraph": str(second)}).status_code == 303
    note = db.session.scalars(sa.select(PlanNote)).one()
    page = office.get(f"{WORK}/{ref}?rispondi={note.id}")
    assert "Dirlo meglio." in text_of(page)
    assert "Bruno (" in text_of(page)
    assert "On paragraph 2: “Due.”" in text_of(page)
    answered = f"{PLAN}/note/{note.id}/rispondi"
    empty = office.post(answered, {"body": " ", "once": "a"})
    assert "Write the note first." in text_of(empty)
    assert office.submit(f"{WORK}/{ref}?rispondi={note.id}", {"body": "Fatto."}, action=answered).status_code == 303
    assert office.post(f"{PLAN}/note/{note.id}/risolvi").status_code == 303
    assert "Resolved by:" in text_of(office.get(f"{WORK}/{ref}"))
    late = steering.post(answered, {"body": "Ancora una cosa", "once": "b"})
    assert "open it again before you answer" in text_of(late)
    assert b"Ancora una cosa" in late.data
    assert steering.post(f"{PLAN}/note/{note.id}/riapri").status_code == 303
    db.session.refresh(note)
    assert (note.resolved_at, note.resolved_by_id, note.role) == (None, None, "steering")
    assert office.post(f"{PLAN}/note/{note.id + 1}/risolvi").status_code == 404  # an answer is not resolved
    assert steering.post(f"{WORK}/{ref}", {"body": "x", "paragraph": "99999", "once": "c"}).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanNote)) == 2


def test_who_agrees_agrees_on_a_text_and_another_text_is_to_be_read_again(make, browser, plan, anna, bruno):
    section = make.section("Uno.\n\nDue.", title="Visione")
    ref = f"s{section.id}"
    drafting.keep(plan, section, anna)
    first, second = called(plan, ref).pieces
    services.review(plan, called(plan, ref), bruno, AGREED, seen=called(plan, ref).mark)
    for piece in (first, second):
        services.review(plan, called(plan, ref), bruno, AGREED, seen=piece.mark, paragraph=piece.id)
    assert state_of(plan, ref).state is AGREED
    assert "If you change it, it is to be read again." in text_of(
        reader(browser, anna).get(f"{PLAN}/sezioni/{section.id}/modifica"))
    planning.edit_section(db.session.get_one(Section, section.id), anna, seen=1, title="Visione", body="Uno.\n\nDue!")
    now = state_of(plan, ref)
    assert (now.state, now.changed, now.by.id) == (TO_READ, True, bruno.id)
    pieces = queries.of_pieces(called(plan, ref), queries.reviews(plan, ref))
    assert [one.state for one in pieces.values()] == [AGREED, TO_READ]
    assert "then the text changed" in text_of(reader(browser, bruno).get(f"{WORK}/{ref}"))
    assert (waiting(plan, bruno), waiting(plan, anna)) == ([ref], [])  # who changed it knows
    with pytest.raises(StaleVersionError):
        services.review(plan, called(plan, ref), bruno, AGREED, seen=first.mark)
    steering = reader(browser, bruno)
    stale = steering.post(f"{WORK}/{ref}/stato", {"state": "agreed", "seen": "0" * 64})
    assert "The text changed while you were reading it" in text_of(steering.get(stale.location))
    assert state_of(plan, ref).state is TO_READ
    planning.edit_section(db.session.get_one(Section, section.id), anna, seen=2, title="Visione", body="Uno.\n\nDue.")
    assert state_of(plan, ref).state is AGREED  # it says again what was agreed


def test_objectives_actions_and_axes_have_their_states_and_notes_and_lose_them_with_themselves(make, plan, anna, bruno):
    action = make.action()
    objective, axis = action.objective, action.objective.axis
    for ref in (f"a{action.id}", f"o{objective.id}", f"x{axis.id}"):
        part = called(plan, ref)
        services.review(plan, part, bruno, AGREED, seen=part.mark)
        services.write(plan, part, bruno, body="Bene.")
        assert state_of(plan, ref).state is AGREED
    programme.edit_objective(plan, objective, anna, ObjectiveText(code="O9", title="Altro"), seen=1)
    assert [state_of(plan, ref).state for ref in (f"o{objective.id}", f"a{action.id}")] == [TO_READ, AGREED]
    programme.remove_action(action, anna)
    assert sorted(db.session.scalars(sa.select(PlanNote.part))) == [f"o{objective.id}", f"x{axis.id}"]
    assert sorted(db.session.scalars(sa.select(PlanReview.part))) == [f"o{objective.id}", f"x{axis.id}"]
    assert parts.called(plan, "x999") is parts.called(plan, "s0012") is parts.called(plan, "p1") is None


def test_what_was_said_of_a_paragraph_that_is_gone_stays_with_its_section(make, browser, plan, anna, bruno):
    section = make.section("Il bosco della valle.\n\nIl fiume e le sue rive.")
    ref = f"s{section.id}"
    part = called(plan, ref)
    services.write(plan, part, bruno, body="Quale bosco?", paragraph=part.pieces[0].id)
    services.review(plan, part, bruno, AGREED, seen=part.pieces[0].mark, paragraph=part.pieces[0].id)
    planning.edit_section(db.session.get_one(Section, section.id), anna, seen=1, title="T", body="Tutt'altro.")
    assert "no longer in the text. It began: “Il bosco della valle.”" in text_of(
        reader(browser, anna).get(f"{WORK}/{ref}"))
    assert db.session.scalars(sa.select(PlanReview)).all() == []


def test_what_waits_is_what_others_ask_and_answer(make, plan, anna, bruno):
    one, two = make.section("Uno."), make.section("Due.")
    first, second = f"s{one.id}", f"s{two.id}"
    services.review(plan, called(plan, first), anna, TO_READ, seen=called(plan, first).mark)
    assert (waiting(plan, bruno), waiting(plan, anna)) == ([first], [])
    note = services.write(plan, called(plan, second), bruno, body="Perché?")
    colleague = make.person(Role.STEERING)
    assert (waiting(plan, anna), waiting(plan, colleague)) == ([second], [first])
    services.answer(plan, note, anna, body="Perché sì.")
    assert (waiting(plan, anna), waiting(plan, bruno)) == ([], [first, second])
    services.resolve(note, bruno)
    assert waiting(plan, bruno) == [first]
    assert not services.resolve(note, anna)


def test_the_table_of_contents_counts_and_filters_and_asks_as_much_however_long_it_is(make, browser, plan, anna, bruno,
                                                                                      queries):
    def grow(times):
        for _ in range(times):
            section, action = make.section("Uno.\n\nDue."), make.action()
            for ref in (f"s{section.id}", f"a{action.id}"):
                part = called(plan, ref)
                services.review(plan, part, make.person(Role.STEERING, shows_name=False), AGREED, seen=part.mark)
                note = services.write(plan, part, make.person(Role.STEERING, shows_name=False), body="Ecco.")
                services.answer(plan, note, anna, body="Visto.")
        db.session.commit()

    grow(2)
    office = reader(browser, anna)

    def asked(path):
        office.get(path)
        with queries() as seen:
            office.get(path)
        return len(seen)

    section = db.session.scalars(sa.select(Section.id).limit(1)).one()
    before = asked(WORK), asked(f"{WORK}/s{section}")
    grow(6)
    part = called(plan, f"s{section}")
    for _ in range(5):
        services.answer(plan, services.write(plan, part, make.person(Role.STEERING), body="E?"), anna, body="Sì.")
    after = asked(WORK), asked(f"{WORK}/s{section}")
    assert after == before
    assert max(after) <= 16
    page = text_of(office.get(f"{WORK}?mostra=concordati"))
    assert "Agreed text (16)" in page
    assert "What waits for me (0)" in page
    assert "Nothing waits for you" in text_of(office.get(f"{WORK}?mostra=attesa"))


def test_of_those_who_say_how_far_a_part_is_at_once_the_last_counts(app, make, plan):
    section, people = make.section("Uno."), [make.person(Role.STEERING).id for _ in range(4)]
    ref = f"s{section.id}"
    db.session.commit()
    gate, faults = threading.Barrier(4), []

    def say(number):
        with app.app_context():
            gate.wait()
            try:
                mine = db.session.scalars(sa.select(Plan)).one()
                part = parts.called(mine, ref)
                services.review(mine, part, db.session.get_one(Person, people[number]), AGREED, seen=part.mark)
                db.session.commit()
            except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells it
                faults.append(fault)
                db.session.rollback()

    threads = [threading.Thread(target=say, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [one.state for one in db.session.scalars(sa.select(PlanReview))] == [AGREED]


def test_an_adopted_plan_keeps_what_was_said_and_takes_nothing_more(make, browser, plan, bruno):
    section = make.section("Uno.")
    services.write(plan, called(plan, f"s{section.id}"), bruno, body="Va bene così.")
    make.plan().state = PlanState.ADOPTED
    steering = reader(browser, bruno)
    assert "Va bene così." in text_of(steering.get(f"{WORK}/s{section.id}"))
    assert steering.post(f"{WORK}/s{section.id}", {"body": "Ancora", "once": "a"}).status_code == 403


def addresses(app, ids):
    """Every address that can be opened, with the names, numbers and codes there are."""
    values = {"n": [1, 2], "number": [1, 2], "edition": [1], "slug": ["prova", "prova-2035"],
              "name": ["regole", "summary"], "ref": ids["ref"], "code": ids["code"], "id": [1, 2],
              "table": ["proposals"], "language": ["it"], "kind": ["opzione"], "paragraph": [1]}
    site = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static" and rule.arguments <= set(values):
            names = sorted(rule.arguments)
            for chosen in itertools.product(*(values[name] for name in names)):
                yield site.build(rule.endpoint, dict(zip(names, chosen, strict=True)))


def test_nobody_else_finds_a_note_in_any_page_file_or_document(bare_app, browser, make, plan, anna, bruno):
    section, action = make.section("Uno.\n\nDue."), make.action()
    make.consultation()
    make.edition()
    refs = [f"s{section.id}", f"a{action.id}", f"o{action.objective_id}", f"x{action.objective.axis_id}"]
    for ref in refs:
        part = called(plan, ref)
        piece = part.pieces[0].id if part.pieces else 0
        note = services.write(plan, part, bruno, body=f"{SECRET} qui.", paragraph=piece)
        services.answer(plan, note, anna, body=f"{SECRET} anche qui.")
    make.edition()
    db.session.commit()
    everywhere = list(addresses(bare_app, {"ref": refs, "code": [action.code, "A1"]}))
    there = {path for path in everywhere if path.startswith(WORK)}
    steering = reader(browser, bruno)
    told = {path for path in there if SECRET.encode() in steering.get(path).data}
    assert len(told) == len(refs), "each is there to be found by those who write"
    for visitor in (browser(), browser(make.person(Role.MODERATOR))):
        found = []
        for path in everywhere:
            answer = visitor.get(path)
            assert answer.status_code < 500, path
            if SECRET.encode() in answer.get_data():
                found.append(path)
            answer.close()
        assert found == []
    assert b"data-code" not in browser().get(f"/percorsi/prova/proposte?q={SECRET}").data
    made_without = [Path(module.__file__).parent for module in (publishing, editions, results)]
    assert [path for folder in made_without for path in folder.rglob("*.*") if path.suffix in {".py", ".typ", ".html"}
            and "reviewing" in path.read_text(encoding="utf-8")] == []
    assert SECRET not in " ".join(str(row) for row in db.session.execute(sa.select(AuditEntry.facts)))
