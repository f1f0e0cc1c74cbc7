"""Every passage from every stage; what it keeps never changes; terms on their last day and the day after."""

import hashlib
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from consult.concluding import queries, services
from consult.concluding.models import Act, DocumentPassage, Part, Stage
from consult.concluding.passages import Light, Term, terms
from consult.concluding.services import ConcludingError
from consult.core import clock
from consult.core.db import StaleVersionError, UnchangeableError, db
from consult.results.models import Verdict
from tests.concluding.conftest import rewrite
from tests.factories import DAY

S, A = Stage, Act
ALLOWED = {
    S.DRAFT: {A.CHECK: S.CHECKED, A.SEND: S.SENT},
    S.CHECKED: {A.REOPEN: S.DRAFT, A.SEND: S.SENT},
    S.SENT: {A.RETURN: S.RETURNED, A.VALIDATE: S.VALIDATED},
    S.RETURNED: {A.CHECK: S.CHECKED, A.SEND: S.SENT},
    S.VALIDATED: {A.RETURN: S.RETURNED, A.DELIVER: S.DELIVERED},
    S.DELIVERED: {A.REPORT: S.DELIVERED, A.NOTE: S.NOTED},
    S.NOTED: {A.REPORT: S.NOTED},
}


@pytest.mark.parametrize("stage", Stage)
def test_every_passage_from_every_stage(desk, stage):
    before = desk.bring(stage)
    many, version = len(before.passages), before.version
    for act in Act:
        with db.session.begin_nested() as tried:
            if act in ALLOWED[stage]:
                made = desk.do(act)
                assert (desk.document.stage, made.number) == (ALLOWED[stage][act], many + 1)
                assert hashlib.sha256(made.content.encode()).hexdigest() == made.sha256
            else:
                with pytest.raises(ConcludingError) as refused:
                    desk.do(act)
                assert len(str(refused.value.sentence)) > 30, "it says why and what to do"
                assert (desk.document.stage, len(desk.document.passages)) == (stage, many)
            tried.rollback()
        db.session.expire_all()
    assert desk.document.version == version


def test_the_final_report_is_recorded_once(desk):
    desk.bring(Stage.DELIVERED)
    desk.do(Act.REPORT)
    with pytest.raises(ConcludingError):
        desk.do(Act.REPORT)
    desk.do(Act.NOTE)
    with pytest.raises(ConcludingError):
        desk.do(Act.REPORT)


@pytest.mark.parametrize(("stage", "act", "values", "field"), [
    (S.DRAFT, A.SEND, {"protocol": "  "}, "protocol"),
    (S.SENT, A.RETURN, {"note": "Manca."}, "note"),
    (S.DELIVERED, A.NOTE, {"resolution": ""}, "resolution"),
    (S.DELIVERED, A.NOTE, {"body": ""}, "body"),
    (S.DELIVERED, A.NOTE, {"body": "Paola Ufficiali"}, "body"),
    (S.SENT, A.VALIDATE, {"dated": date(2020, 1, 1)}, "dated"),
])
def test_what_a_passage_leaves_must_be_whole(desk, stage, act, values, field):
    desk.bring(stage)
    with pytest.raises(ConcludingError) as refused:
        desk.do(act, **values)
    assert refused.value.field == field


def test_nothing_is_recorded_before_it_happens(desk):
    desk.bring(Stage.DRAFT)
    with pytest.raises(ConcludingError) as refused:
        desk.do(Act.SEND, dated=clock.today() + DAY)
    assert refused.value.field == "dated"
    desk.do(Act.SEND, dated=clock.today())


@pytest.mark.parametrize("act", [Act.CHECK, Act.SEND])
def test_what_is_not_written_is_named_and_hinders(desk, act):
    desk.bring(Stage.DRAFT)
    desk.write(Part.AFTER, monitoring="Poi.")
    with pytest.raises(ConcludingError):
        desk.do(act)
    desk.write(Part.PATH, difficulties="")
    desk.write(Part.AFTER)
    desk.do(act)


def test_two_who_record_at_once_record_one(desk, office):
    seen = desk.bring(Stage.DRAFT).version
    desk.do(Act.SEND)
    with pytest.raises(StaleVersionError):
        services.pass_on(desk.process, Act.SEND, office, desk.facts(), seen=seen)


def test_what_was_checked_is_what_is_sent_and_what_is_kept_never_changes(make, desk):
    desk.bring(Stage.DRAFT)
    proposal = make.proposal(title="Una panchina al capolinea")
    checked = desk.do(Act.CHECK)
    make.outcome(proposal, Verdict.ACCEPTED)
    with pytest.raises(ConcludingError):
        desk.write(Part.OBJECT)
    sent, valid = desk.do(Act.SEND), desk.do(Act.VALIDATE)
    assert checked.content == sent.content == valid.content
    assert '"verdict":""' in sent.content
    for change in ("content", "note"):
        with pytest.raises(UnchangeableError):
            rewrite(sent, change)
        db.session.refresh(sent)
    for statement in (sa.update(DocumentPassage).values(note="altro"), sa.delete(DocumentPassage)):
        with pytest.raises(sa.exc.DBAPIError), db.session.begin_nested():
            db.session.execute(statement.execution_options(synchronize_session=False))
    desk.do(Act.RETURN)
    desk.write(Part.OBJECT, object="Un oggetto scritto di nuovo, dopo i rilievi della Regione.")
    again = desk.do(Act.SEND)
    assert again.sha256 != sent.sha256
    assert '"verdict":"accepted"' in again.content
    assert queries.passage(desk.process, sent.number).content == checked.content


def test_terms_run_from_the_sending_to_the_deciding_body(desk):
    assert terms(desk.bring(Stage.VALIDATED).passages) == []
    end = desk.do(Act.DELIVER).dated
    desk.do(Act.NOTE, dated=end + timedelta(days=31))
    report, act = terms(desk.document.passages)
    assert (report.act, report.due, report.done) == (Act.REPORT, end + timedelta(days=30), None)
    assert (act.act, act.light(clock.today())) == (Act.NOTE, Light.MET_LATE)


DUE = date(2027, 3, 31)


@pytest.mark.parametrize(("today", "done", "light"), [
    (DUE - 8 * DAY, None, Light.RUNNING), (DUE - 7 * DAY, None, Light.NEAR), (DUE, None, Light.NEAR),
    (DUE + DAY, None, Light.LATE), (DUE + DAY, DUE, Light.MET), (DUE + 9 * DAY, DUE + DAY, Light.MET_LATE)])
def test_a_term_holds_through_its_last_day(today, done, light):
    assert Term(act=Act.NOTE, due=DUE, done=done).light(today) is light
