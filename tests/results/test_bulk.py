"""Outcomes of many proposals from one file: looked through first, then recorded whole or not at all."""

import io
import time
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core import clock, spreadsheet
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.processes.models import Process
from consult.results import bulk, mails, services
from consult.results.models import BatchKind, Outcome, OutcomeBatch, Verdict
from consult.results.words import COLUMNS
from tests.browser import document, text_of
from tests.lineage.test_merging import merged

REASONS = "Entra nel piano con le risorse già previste."
HEAD = [str(label) for label in COLUMNS.values()]


def line(code, verdict="Accolta", reasons=REASONS, on="", decided_by="", act="", version=""):
    return [code, "", "", "", "", "", "", "", version, verdict, reasons, on, decided_by, act]


def rows(*lines):
    return [["Codice", "Titolo", "Tema", "Comune", "Chi propone", "Sostegni", "Commenti", "Esito finora",
             "Versione (non cambiarla)", "Esito", "Motivazioni", "Giorno", "Chi ha deciso", "Numero dell'atto"], *lines]


def sent(make, *lines, kind=BatchKind.PROPOSED, process=None, person=None):
    return bulk.send(process or make.process(), person or make.person(Role.PLAN_OFFICE), kind, name="esiti.xlsx",
                     lines=bulk.lines_of(rows(*lines)))


def test_a_file_is_looked_through_and_then_recorded_in_one_act(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    batch = sent(make, line(one.code), line(two.code, "Non accolta"), person=office)
    assert [(c.code, c.verdict, c.sound) for c in bulk.check(batch)] == [
        (one.code, Verdict.ACCEPTED, True), (two.code, Verdict.NOT_ACCEPTED, True)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) == 0
    assert bulk.record(batch, office, expected=2) == 2
    outcomes = db.session.scalars(sa.select(Outcome).order_by(Outcome.id)).all()
    assert [(o.verdict, o.proposed, o.reasons, o.proposed_reasons, o.proposed_by_id, o.version, o.decided)
            for o in outcomes] == [
        (Verdict.ACCEPTED, Verdict.ACCEPTED, REASONS, REASONS, office.id, 1, False),
        (Verdict.NOT_ACCEPTED, Verdict.NOT_ACCEPTED, REASONS, REASONS, office.id, 1, False)]
    names = list(db.session.scalars(sa.select(AuditEntry.event)))
    assert (names.count("OutcomeProposed"), names.count("OutcomeFileRecorded")) == (2, 1)


def test_what_was_decided_is_another_act_with_its_own_day_reasons_and_number(make):
    one, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    outcome = services.propose_outcome(one, office, verdict=Verdict.PARTLY, reasons=REASONS, on=clock.today(), seen=0)
    decided = line(one.code, reasons="Il Consiglio la accoglie per intero.", decided_by="Consiglio dell'Unione",
                   act="Delibera 12/2026")
    batch = sent(make, decided, kind=BatchKind.DECIDED, person=office)
    assert bulk.record(batch, office, expected=1) == 1
    assert (outcome.verdict, outcome.proposed, outcome.proposed_reasons, outcome.reasons, outcome.decision,
            outcome.decided_on, outcome.version) == (
        Verdict.ACCEPTED, Verdict.PARTLY, REASONS, "Il Consiglio la accoglie per intero.",
        "Consiglio dell'Unione, Delibera 12/2026", clock.today(), 2)


def refusal(make, *lines, **values):
    """The sentence for the last line."""
    return str(bulk.check(sent(make, *lines, **values))[-1].refusal)


@pytest.mark.parametrize(("fault", "changes"), [
    ("code", {"code": "PRV-P-9999"}), ("verdict", {"verdict": "Forse"}), ("no verdict", {"verdict": ""}),
    ("reasons", {"reasons": ""}), ("short", {"reasons": "Sì."}), ("long", {"reasons": "x" * 4001}),
    ("day", {"on": "domani"}), ("no such day", {"on": "31/02/2026"}), ("to come", {"on": "31/12/2099"}),
    ("before", {"on": "01/01/1999"}), ("stale", {"version": "3"})])
def test_a_line_that_cannot_be_is_refused_with_its_reason(make, fault, changes):
    one = make.proposal()
    checked = bulk.check(sent(make, line(**{"code": one.code, **changes})))
    assert [c.sound for c in checked] == [False]
    assert len(str(checked[0].refusal)) > 10


@pytest.mark.parametrize("word", ["Fuori dall’ambito del piano", "fuori dall'ambito del piano", "OUT_OF_SCOPE"])
def test_an_outcome_is_known_however_it_was_typed(make, word):
    assert [c.verdict for c in bulk.check(sent(make, line(make.proposal().code, word)))] == [Verdict.OUT_OF_SCOPE]


def test_what_stands_elsewhere_or_is_not_public_or_decided_or_merged_is_refused(make):
    office = make.person(Role.PLAN_OFFICE)
    hidden, decided, one, two = make.proposal(state=State.HIDDEN), make.proposal(), make.proposal(), make.proposal()
    make.outcome(decided, decided_by="Consiglio", decided_on=clock.today(), version=2)
    merged(make, one, two, office=office)
    batch = sent(make, *(line(p.code) for p in (hidden, decided, one)))
    assert [c.sound for c in bulk.check(batch)] == [False] * 3
    other = Process(authority=make.process().authority, slug="altro", code="ALT", title=Localized.of("Altro"),
                    summary=Localized(), vision=Localized())
    db.session.add(other)
    db.session.flush()
    assert bulk.check(sent(make, line(make.proposal().code), process=other))[0].refusal


def test_a_code_that_comes_twice_is_recorded_once(make):
    one = make.proposal()
    assert [c.sound for c in bulk.check(sent(make, line(one.code), line(one.code, "Non accolta")))] == [True, False]


def test_a_decision_needs_a_proposed_outcome_and_a_body(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    services.propose_outcome(two, office, verdict=Verdict.PARTLY, reasons=REASONS, on=clock.today(), seen=0)
    batch = sent(make, line(one.code, decided_by="Consiglio"), line(two.code), line(two.code, "In esame"),
                 kind=BatchKind.DECIDED)
    assert [c.sound for c in bulk.check(batch)] == [False] * 3


def test_what_was_decided_meanwhile_stops_the_whole_file(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    batch = sent(make, line(one.code, version="0"), line(two.code, version="0"))
    services.propose_outcome(one, office, verdict=Verdict.PARTLY, reasons=REASONS, on=clock.today(), seen=0)
    with pytest.raises(StaleVersionError):
        bulk.record(batch, office, expected=2)
    assert [c.sound for c in bulk.check(batch)] == [False, True]
    assert bulk.record(batch, office, expected=1) == 1
    assert [code for _number, code, _reason in batch.left_out] == [one.code]
    with pytest.raises(StaleVersionError):
        bulk.record(batch, office, expected=1)


@pytest.mark.parametrize("written", ["Accolta", "accepted", "ACCEPTED", "Angenommen", "Acceptée", " accolta "])
def test_verdicts_are_read_in_every_language(make, written):
    rows_read = spreadsheet.read(spreadsheet.as_csv(rows(line(make.proposal().code, written)), "it"), most_rows=10)
    batch = bulk.send(make.process(), make.person(), BatchKind.PROPOSED, name="", lines=bulk.lines_of(rows_read))
    assert bulk.check(batch)[0].verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("written", ["2026-03-02", "02/03/2026", "2.3.2026", "2-3-2026"])
def test_days_are_read_as_people_write_them(make, written):
    assert bulk._day(written).isoformat() == "2026-03-02"


def test_the_workbook_that_is_downloaded_can_be_sent_back(browser, make):
    one, two, office = make.proposal(title="=2+5"), make.proposal(), make.person(Role.PLAN_OFFICE)
    slug = make.process().slug
    content = browser(office).get(f"/ufficio/percorsi/{slug}/esiti.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == [one.code, "'=2+5"]
    sheet.cell(3, 10, "Accolta")
    sheet.cell(3, 11, REASONS)
    sheet.cell(3, 12, clock.today())
    target = io.BytesIO()
    book.save(target)
    done = send_file(browser(office), slug, target.getvalue(), "esiti.xlsx")
    assert done.status_code == 303
    text = text_of(browser(office).get(done.location))
    assert two.code in text
    assert one.code not in text
    done = browser(office).submit(done.location, action=f"{done.location}/registra")
    assert done.status_code == 303
    assert db.session.scalar(sa.select(Outcome.contribution_id)) == two.id
    assert two.code in text_of(browser(office).get(done.location))


def send_file(reader, slug, content, name, kind="proposed"):
    return reader.post(f"/ufficio/percorsi/{slug}/esiti", {
        "kind": kind, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_the_table_that_is_downloaded_can_be_sent_back(browser, make):
    one, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    slug = make.process().slug
    table = browser(office).get(f"/ufficio/percorsi/{slug}/esiti.csv").data.decode("utf-8-sig")
    filled = table.replace(";0;;;;;", f";0;Accolta;{REASONS};;;")
    done = send_file(browser(office), slug, filled.encode("cp1252"), "esiti.csv")
    assert done.status_code == 303
    assert one.code in text_of(browser(office).get(done.location))


def bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"xl/{number}.xml", b"0" * 40_000_000)
    return target.getvalue()


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04broken", b"\xff\xfe\x00", b"\x00" * 100, b"nothing;of\nuse;here", b"Codice;Esito\n",
    b"%PDF-1.7", bomb])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(browser, make, content):
    content = content() if callable(content) else content
    started = time.process_time()
    answer = send_file(browser(make.person(Role.PLAN_OFFICE)), make.process().slug, content, "esiti.xlsx")
    assert answer.status_code == 200
    assert time.process_time() - started < 5
    assert any(one.get("id") == "error-summary" for one in document(answer).iter())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutcomeBatch)) == 0


def test_a_workbook_without_a_sheet_or_with_a_password_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    for content in (target.getvalue(), b"\xd0\xcf\x11\xe0" + b"x" * 2000):
        with pytest.raises(spreadsheet.SheetError):
            bulk.lines_of(spreadsheet.read(content, most_rows=10))


def test_too_many_lines_are_refused(make):
    content = spreadsheet.as_csv(rows(*(line(f"PRV-P-{n:04}") for n in range(30))), "it")
    with pytest.raises(spreadsheet.SheetError):
        spreadsheet.read(content, most_rows=20)


def test_only_the_plan_office_records_decisions(browser, make):
    one, steering = make.proposal(), make.person(Role.STEERING)
    services.propose_outcome(one, steering, verdict=Verdict.PARTLY, reasons=REASONS, on=clock.today(), seen=0)
    slug, content = make.process().slug, spreadsheet.as_csv(rows(line(one.code, decided_by="Consiglio")), "it")
    assert send_file(browser(steering), slug, content, "a.csv", kind="decided").status_code == 200
    assert send_file(browser(make.person()), slug, content, "a.csv").status_code == 403
    assert send_file(browser(steering), slug, content, "a.csv").status_code == 303


def test_a_file_of_somebody_else_is_not_shown_to_the_steering_group(browser, make):
    make.proposal()
    batch = sent(make, line("PRV-P-0001"))
    assert browser(make.person(Role.STEERING)).get(f"/ufficio/esiti/{batch.id}").status_code == 403
    assert browser(make.person(Role.PLAN_OFFICE)).get(f"/ufficio/esiti/{batch.id}").status_code == 200


def test_whoever_proposed_is_told_behind_the_request(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    batch = sent(make, line(one.code), line(two.code))
    bulk.record(batch, office, expected=2)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0
    mails.tell_of_batch(batch.id)
    mails.tell_of_batch(batch.id)
    assert set(db.session.scalars(sa.select(OutboxMessage.recipient))) == {one.author.email, two.author.email}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 2


def test_two_thousand_lines_cost_few_queries_and_each_outcome_a_bounded_number(make, queries):
    office, author = make.person(Role.PLAN_OFFICE), make.person()
    codes = [make.proposal(author=author).code for _ in range(400)]
    db.session.commit()
    lines = [line(code) for code in codes] + [line(f"PRV-P-{9000 + n}") for n in range(1600)]
    content = spreadsheet.as_xlsx(rows(*lines), language="it")
    read = bulk.lines_of(spreadsheet.read(content, most_rows=bulk.MOST_LINES + 1))
    batch = bulk.send(make.process(), office, BatchKind.PROPOSED, name="", lines=read)
    with queries() as seen:
        checked = bulk.check(batch)
    assert len(seen) <= 4
    assert sum(c.sound for c in checked) == 400
    with queries() as seen:
        bulk.record(batch, office, expected=400)
    assert len(seen) <= 4 * 400


def test_dates_before_the_file_are_read(make):
    one = make.proposal(created_at=clock.now() - timedelta(days=30))
    day = clock.today() - timedelta(days=3)
    batch = sent(make, line(one.code, on=day.strftime("%d/%m/%Y")))
    assert bulk.check(batch)[0].on == day
