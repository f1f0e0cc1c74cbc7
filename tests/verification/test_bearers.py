"""A code lets somebody take part once without an account; tied to an account later, it is theirs."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role, Tie
from consult.audit.models import AuditEntry
from consult.core import clock
from consult.core.db import db
from consult.processes.models import Audience, Channel
from consult.surveys import queries as surveys
from consult.surveys.models import Answer, Submission, SurveyParticipation
from consult.verification import bearers, codes, identifiers
from consult.verification.models import CodeBatch, CodePurpose
from consult.voting import services as voting
from consult.voting.models import BallotPaper
from tests.browser import text_of
from tests.recount import drift
from tests.voting.together import at_once


def bring(visitor, code):
    return visitor.submit("/codice", {"code": code})


def vote(visitor, ballot, option=0):
    code = ballot.options[option].code
    return visitor.submit(f"/votazioni/{ballot.id}/vota", {"choices": code, "step": "cast"})


def papers():
    return db.session.execute(sa.select(BallotPaper.marks, BallotPaper.channel, BallotPaper.municipality_id)).all()


def bearer_of(code):
    return bearers.bearer(identifiers.of_one_time_code(codes.tidy(code)))


def test_whoever_brings_a_code_votes_changes_the_vote_and_takes_it_back(browser, make, sheet, ballot):
    [code] = sheet()
    visitor = browser()
    page = text_of(visitor.get(f"/votazioni/{ballot.id}"))
    assert "il codice che ti ha dato l'ufficio" in page.replace("’", "'")
    assert bring(visitor, code.lower().replace("-", " ")).location == "/codice"
    assert str(ballot.title) in text_of(visitor.get("/codice"))
    assert vote(visitor, ballot).location == f"/votazioni/{ballot.id}/ricevuta"
    assert papers() == [({ballot.options[0].code: 1}, Channel.ASSEMBLY, make.town().id)]
    vote(visitor, ballot, 1)
    assert papers() == [({ballot.options[1].code: 1}, Channel.ASSEMBLY, make.town().id)]
    assert str(ballot.options[1].title) in text_of(visitor.get(f"/votazioni/{ballot.id}/ricevuta"))
    visitor.post(f"/votazioni/{ballot.id}/ritira")
    assert papers() == []
    assert drift() == []


def test_the_same_code_in_another_browser_is_the_same_voter(browser, sheet, ballot):
    [code] = sheet()
    for option in (0, 1):
        visitor = browser()
        bring(visitor, code)
        vote(visitor, ballot, option)
    assert [choices for choices, _channel, _place in papers()] == [{ballot.options[1].code: 1}]
    assert drift() == []


def test_a_code_answers_a_questionnaire_once(browser, make, sheet):
    survey = make.survey(codes_allowed=True, audience=Audience.SIGNED_IN)
    question = surveys.questions(survey)[0]
    [code] = sheet(purpose=CodePurpose.LETTER)
    path = f"/questionari/{survey.id}/compila"
    visitor = browser()
    assert visitor.get(path).status_code == 303
    bring(visitor, code)
    fields = visitor.form(path)["fields"]
    assert "municipality" not in fields  # the sheet says it
    assert visitor.post(path, {**fields, f"q{question.id}": question.options[0].code}).status_code == 303
    assert db.session.execute(sa.select(Submission.municipality_id, Submission.channel)).one() == (
        make.town().id, Channel.ONLINE)
    again = browser()
    bring(again, code)
    assert "già risposto" in text_of(again.get(path))
    assert drift() == []


def test_nothing_that_is_written_leads_from_a_code_to_an_answer_or_a_vote(browser, make, sheet, ballot):
    survey = make.survey(codes_allowed=True)
    question = surveys.questions(survey)[0]
    [code] = sheet()
    hash = identifiers.of_one_time_code(codes.tidy(code))
    visitor = browser()
    bring(visitor, code)
    path = f"/questionari/{survey.id}/compila"
    visitor.post(path, {**visitor.form(path)["fields"], f"q{question.id}": question.options[0].code})
    vote(visitor, ballot)
    rows = [str(row) for table in db.metadata.sorted_tables for row in db.session.execute(sa.select(table))
            if table.name != "one_time_code"]
    assert not any(hash in row or codes.tidy(code) in row for row in rows)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1
    assert db.session.scalars(sa.select(AuditEntry.actor_id).where(
        AuditEntry.event.in_(["BallotCast", "SurveyAnswered"]))).all() == [None, None]


@pytest.mark.parametrize("spoil", ["expire", "cancel", "tie", "mistype"])
def test_a_code_that_is_not_good_gets_a_sentence(browser, make, sheet, ballot, spoil):
    [code] = sheet()
    batch = db.session.scalars(sa.select(CodeBatch)).one()
    visitor = browser()
    bring(visitor, code)
    if spoil == "expire":
        batch.expires_at = clock.now()
    elif spoil == "cancel":
        codes.cancel(batch, make.person())
    elif spoil == "tie":
        codes.use(make.person(), code)
    else:
        code = code[:-1] + ("A" if code[-1] != "A" else "B")
    if spoil != "mistype":  # whoever had brought it before is a visitor again
        assert "/accedi" in visitor.get(f"/votazioni/{ballot.id}/vota").location
    answer = bring(browser(), code)
    assert answer.status_code == 200
    assert ("Questo codice è legato a un account" if spoil == "tie" else "Questo codice non vale") in text_of(answer)


def test_where_codes_are_not_enough_an_account_is_asked_for(browser, make, sheet):
    ballot = make.ballot(options=2, maximum=1)
    [code] = sheet()
    visitor = browser()
    bring(visitor, code)
    assert str(ballot.title) not in text_of(visitor.get("/codice"))
    assert "/accedi" in visitor.get(f"/votazioni/{ballot.id}/vota").location
    assert "Ho un codice" not in text_of(visitor.get(f"/votazioni/{ballot.id}"))


def test_a_sheet_for_those_who_work_here_is_none_for_residents(browser, make, sheet, ballot):
    [code] = sheet(tie=Tie.WORKS)
    assert bearer_of(code).residence_id is None
    visitor = browser()
    bring(visitor, code)
    assert "per persone con la residenza verificata" in text_of(visitor.get(f"/votazioni/{ballot.id}"))
    ballot.workers_too = True
    assert vote(visitor, ballot).status_code == 303
    assert [place for _choices, _channel, place in papers()] == [None]


def test_tying_a_code_makes_what_was_done_with_it_the_person_s(browser, make, sheet, ballot):
    [code] = sheet()
    visitor, person = browser(), make.person()
    bring(visitor, code)
    vote(visitor, ballot)
    own = browser(person)
    assert own.submit("/profilo/residenza/codice", {"code": code}).status_code == 303
    assert "Hai votato" in text_of(own.get(f"/votazioni/{ballot.id}"))
    vote(own, ballot, 1)
    assert [choices for choices, _channel, _place in papers()] == [{ballot.options[1].code: 1}]
    assert "/accedi" in visitor.get(f"/votazioni/{ballot.id}/vota").location
    assert drift() == []


def test_whoever_voted_twice_has_one_vote_once_the_code_is_tied(browser, make, sheet, ballot):
    [code, spare] = sheet(2)
    person = make.person(verified=True)
    own, visitor = browser(person), browser()
    vote(own, ballot, 0)
    bring(visitor, code)
    vote(visitor, ballot, 1)
    assert len(papers()) == 2
    refused = own.submit("/profilo/residenza/codice", {"code": spare})
    assert "tieni il codice per chi" in text_of(refused)
    assert own.submit("/profilo/residenza/codice", {"code": code, "took_part": "y"}).status_code == 303
    assert len(papers()) == 1
    assert [choices for choices, _channel, _place in papers()] == [{ballot.options[0].code: 1}]  # that of the account
    assert len(person.verifications) == len(person.tied_codes) == 1
    assert drift() == []


def test_a_tied_code_answers_no_questionnaire_a_second_time(browser, make, sheet):
    survey = make.survey(codes_allowed=True)
    question = surveys.questions(survey)[0]
    [code] = sheet()
    visitor, own = browser(), browser(make.person())
    bring(visitor, code)
    path = f"/questionari/{survey.id}/compila"
    visitor.post(path, {**visitor.form(path)["fields"], f"q{question.id}": question.options[0].code})
    own.submit("/profilo/residenza/codice", {"code": code})
    assert "già risposto" in text_of(own.get(path))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SurveyParticipation)) == 1


def test_whoever_finishes_leaves_the_browser_to_the_next(browser, sheet, ballot):
    first, second = sheet(2)
    tablet = browser()
    for code in (first, second):
        bring(tablet, code)
        assert "Partecipi con un codice di" in text_of(tablet.get(f"/votazioni/{ballot.id}"))
        assert vote(tablet, ballot).status_code == 303
        assert tablet.post("/codice/fine").location == "/codice"
        assert "Partecipi con un codice di" not in text_of(tablet.get(f"/votazioni/{ballot.id}"))
    assert len(papers()) == 2


def test_a_code_signs_in_to_nothing(browser, make, sheet):
    """Whoever brings a code reads what visitors read, and writes no text."""
    call = make.call(codes_allowed=True)
    [code] = sheet()
    visitor = browser()
    bring(visitor, code)
    for path in ("/profilo", "/profilo/dati", f"/raccolte/{call.id}/proponi", "/ufficio"):
        assert "/accedi" in (visitor.get(path).location or ""), path
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_a_hundred_at_once_with_one_code_are_one_voter(app, make, sheet, ballot):
    [code] = sheet()
    id, chosen = ballot.id, [option.code for option in ballot.options]
    db.session.commit()

    def act(number):
        voting.cast(db.session.get_one(type(ballot), id), bearer_of(code), {chosen[number % 2]: 1})
        return True

    assert at_once(app, act, range(100)).count(True) == 100
    db.session.rollback()
    assert len(papers()) == 1
    assert drift() == []


@pytest.mark.parametrize("kind", ["survey", "ballot"])
def test_the_plan_office_says_where_codes_are_enough(browser, make, kind):
    activity = getattr(make, kind)(when="coming")
    desk = browser(make.person(Role.PLAN_OFFICE))
    assert desk.submit(f"/ufficio/attivita/{activity.id}", {"codes_allowed": "y"}).status_code == 303
    assert activity.codes_allowed
    call = make.call()
    assert 'name="codes_allowed"' not in desk.get(f"/ufficio/attivita/{call.id}").get_data(as_text=True)
