"""Everything that is owed an outcome in one table, one outcome for many rows, and the letters before they leave."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage, send_due
from consult.results import awaited, bulk, letters, mails, owed
from consult.results.awaited import Sorting, Standing, Wanted
from consult.results.models import BatchKind, Outcome, OutcomeBatch, Verdict
from tests.browser import text_of
from tests.lineage.test_merging import merged

TABLE = "/ufficio/percorsi/prova/tavolo"
REASONS = "Entra nel piano con le risorse già previste."


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def all_kinds(make):
    """A proposal in each state of its answer, and a remark."""
    make.section("Una corsa ogni ora.")
    nothing, review, proposed, decided = (make.proposal() for _ in range(4))
    make.outcome(review, Verdict.UNDER_REVIEW)
    make.outcome(proposed, Verdict.PARTLY)
    make.outcome(decided, decided_by="Consiglio", act="Delibera 7", decided_on=clock.today())
    return {"nothing": nothing, "review": review, "proposed": proposed, "decided": decided, "remark": make.remark()}


def rows(make, **wanted):
    return [row.code for row in awaited.page(make.process(), Wanted(**wanted)).items]


def test_what_is_owed_an_outcome_is_named_by_its_feature_and_found_together(make, office, all_kinds):
    make.proposal(state=State.HIDDEN)
    make.proposal(state=State.PENDING)
    one, two = make.proposal(), make.proposal()
    both = merged(make, one, two, office=office)
    found = set(rows(make))
    assert set(owed.kinds()) == {"proposal", "remark"}
    assert found == {*(thing.code for thing in all_kinds.values()), both.code}


@pytest.mark.parametrize(("standing", "expected"), [
    (Standing.NONE, {"nothing", "remark"}), (Standing.REVIEW, {"review"}), (Standing.PROPOSED, {"proposed"}),
    (Standing.DECIDED, {"decided"})])
def test_each_state_has_its_rows_and_its_number(make, all_kinds, standing, expected):
    assert set(rows(make, standing=standing)) == {all_kinds[name].code for name in expected}
    assert awaited.facets(make.process()).standings[standing] == len(expected)


def test_the_table_is_narrowed_and_sorted(make, all_kinds):
    all_kinds["review"].support_count, all_kinds["decided"].comment_count = 9, 4
    db.session.flush()
    process = make.process()
    assert rows(make, kind="remark") == [all_kinds["remark"].code]
    assert rows(make, activity_id=all_kinds["remark"].activity_id) == [all_kinds["remark"].code]
    assert rows(make, text=all_kinds["nothing"].code.lower()) == [all_kinds["nothing"].code]
    assert rows(make, municipality_id=make.town().id + 99) == []
    assert rows(make)[0] == all_kinds["review"].code
    assert rows(make, sorting=Sorting.DISCUSSED)[0] == all_kinds["decided"].code
    assert len(rows(make, unanswered=True)) == 3
    first = awaited.page(process, Wanted(), size=2)
    after = awaited.page(process, Wanted(), size=9, after=first.next)
    assert [one.code for one in (*first.items, *after.items)] == rows(make)


def chosen(one, version=0):
    return f"{one.id}-{version}"


def send(window, path=TABLE, **fields):
    form = window.form(path)
    return window.post(form["action"], {**form["fields"], "on": clock.today().isoformat(), **fields})


def test_one_outcome_for_many_is_looked_at_row_by_row_and_then_recorded(make, browser, office, all_kinds):
    window = browser(office)
    answer = send(window, chosen=[chosen(all_kinds["nothing"]), chosen(all_kinds["remark"])], kind="proposed",
                  verdict="partly", reasons="{code}: lo facciamo in parte, dal prossimo anno.")
    assert answer.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) == 3
    batch = db.session.scalars(sa.select(OutcomeBatch)).one()
    page = window.get(f"/ufficio/esiti/{batch.id}")
    assert "2 lettere che partiranno" in text_of(page)
    form = window.form(f"/ufficio/esiti/{batch.id}", f"/ufficio/esiti/{batch.id}/registra")
    number = next(line["n"] for line in batch.lines if line["code"] == all_kinds["remark"].code)
    fields = {**form["fields"], f"reasons-{number}": "Questa la scriviamo diversamente."}
    assert window.post(form["action"], fields).status_code == 303
    said = {outcome.contribution.code: outcome.reasons for outcome in db.session.scalars(sa.select(Outcome))}
    assert said[all_kinds["nothing"].code] == f"{all_kinds['nothing'].code}: lo facciamo in parte, dal prossimo anno."
    assert said[all_kinds["remark"].code] == "Questa la scriviamo diversamente."


def test_a_row_that_is_left_out_and_one_that_changed_meanwhile_are_not_recorded(make, browser, office, all_kinds):
    window = browser(office)
    send(window, chosen=[chosen(all_kinds["nothing"]), chosen(all_kinds["remark"]), chosen(all_kinds["proposed"], 7)],
         kind="proposed", verdict="accepted", reasons=REASONS)
    batch = db.session.scalars(sa.select(OutcomeBatch)).one()
    form = window.form(f"/ufficio/esiti/{batch.id}", f"/ufficio/esiti/{batch.id}/registra")
    left = next(line["n"] for line in batch.lines if line["code"] == all_kinds["remark"].code)
    fields = {name: value for name, value in form["fields"].items() if name != f"take-{left}"}
    assert window.post(form["action"], fields).status_code == 303
    db.session.refresh(batch)
    assert batch.recorded == [all_kinds["nothing"].code]
    assert [code for _number, code, _why in batch.left_out] == [all_kinds["proposed"].code]


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"chosen": []}, "Scegli almeno una riga"), ({"reasons": "Sì."}, "Scrivi le motivazioni in almeno una frase"),
    ({"kind": "decided", "decided_by": ""}, "quale organo"), ({"verdict": ""}, "Scegli un esito")])
def test_what_cannot_be_is_said_and_what_was_typed_stays(make, browser, office, all_kinds, fields, sentence):
    answer = send(browser(office), **{"chosen": [chosen(all_kinds["nothing"])], "kind": "proposed",
                                      "verdict": "accepted", "reasons": REASONS, "act": "Delibera 99", **fields})
    assert answer.status_code == 200
    assert sentence.casefold() in text_of(answer).casefold()
    assert "Delibera 99" in answer.text


def test_the_steering_group_proposes_and_citizens_see_nothing(make, browser, all_kinds):
    page = browser(make.person(Role.STEERING)).get(TABLE)
    assert page.status_code == 200
    assert 'value="decided"' not in page.text
    assert browser(make.person()).get(TABLE).status_code == 403


def test_the_letters_foreseen_are_those_that_leave(make, office):
    author, german = make.person(language="it"), make.person(language="de")
    first, second = make.proposal(author=author), make.proposal(author=german)
    batch = bulk.send(make.process(), office, BatchKind.PROPOSED, name="x", lines=[
        {"n": n, "code": one.code, "version": "0", "verdict": "accepted", "reasons": REASONS, "on": "",
         "decided_by": "", "act": ""} for n, one in enumerate((first, second), 1)])
    number, foreseen = letters.foreseen(batch.kind, bulk.check(batch))
    bulk.record(batch, office, expected=2)
    mails.tell_of_batch(batch.id)
    sent = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key.startswith("outcome-"))
                              .order_by(OutboxMessage.id)).all()
    assert number == len(sent) == 2
    assert [(one.language, one.subject, one.text) for one in foreseen] == [
        (one.language, one.subject, one.text) for one in sent]
    assert {one.language for one in foreseen} == {"it", "de"}
    send_due()
    told = {row.code: row.told_at for row in awaited.page(make.process(), Wanted()).items}
    assert told[first.code] is not None


def test_the_number_of_queries_does_not_grow(make, browser, office, queries):
    counts = []
    window = browser(office)
    for times in (2, 8):
        for _ in range(times):
            make.outcome(make.proposal())
        db.session.commit()
        with queries() as seen:
            assert window.get(f"{TABLE}?v={times}").status_code == 200
        counts.append(len([s for s in seen if s.lstrip().startswith("SELECT")]))
    assert counts[0] == counts[1] <= 16, counts


def test_remarks_are_in_the_file_and_are_answered_by_it(make, office, all_kinds, browser):
    assert all_kinds["remark"].code in browser(office).get("/ufficio/percorsi/prova/esiti.csv").text
    batch = bulk.send(make.process(), office, BatchKind.PROPOSED, name="x", lines=[
        {"n": 2, "code": all_kinds["remark"].code, "version": "", "verdict": "Accolta", "reasons": REASONS, "on": "",
         "decided_by": "", "act": ""}])
    assert bulk.record(batch, office, expected=1) == 1
    assert db.session.scalars(sa.select(Outcome).where(Outcome.contribution_id == all_kinds["remark"].id)).one()
