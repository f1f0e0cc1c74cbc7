"""Codes made for one activity let take part there alone and verify nobody; tied to an account, they count once."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role, TiedCode, Verification
from consult.core import clock
from consult.core.db import db
from consult.privacy import erasure
from consult.processes.models import Audience
from consult.surveys import queries as questionnaires
from consult.surveys import services as surveys
from consult.surveys.models import Submission
from consult.verification import codes, identifiers
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode
from consult.verification.services import VerificationError, verify
from consult.voting import services as voting
from consult.voting.models import Ballot
from tests.browser import text_of
from tests.recount import drift
from tests.verification.conftest import code_of
from tests.verification.test_bearers import bearer_of, bring, papers, vote
from tests.voting.together import at_once

PROFILE = "/profilo/residenza/codice"


@pytest.fixture
def bound(sheet, ballot):
    """`bound(2)`: codes that are for the ballot alone."""

    def build(number=1, **values):
        return sheet(number, **{"process_id": ballot.process_id, "activity_id": ballot.id, **values})

    return build


def answers_of(survey):
    question = questionnaires.questions(survey)[0]
    return {question.code: [question.options[0].code]}


def test_a_code_for_one_activity_is_good_there_alone(browser, make, bound, ballot):
    other = make.ballot(options=2, codes_allowed=True, audience=Audience.VERIFIED)
    [code] = bound()
    visitor = browser()
    bring(visitor, code)
    listed = visitor.get("/codice").get_data(as_text=True)
    assert f'href="/votazioni/{ballot.id}"' in listed
    assert f'href="/votazioni/{other.id}"' not in listed
    assert "è per un’altra attività" in text_of(visitor.get(f"/votazioni/{other.id}"))
    assert "/accedi" in visitor.get(f"/votazioni/{other.id}/vota").location
    assert vote(visitor, ballot).status_code == 303
    assert len(papers()) == 1
    assert drift() == []


def test_a_code_for_a_percorso_is_good_in_all_of_it(browser, make, sheet, ballot):
    survey = make.survey(codes_allowed=True)
    [code] = sheet(process_id=make.process().id)
    visitor = browser()
    bring(visitor, code)
    assert vote(visitor, ballot).status_code == 303
    assert visitor.get(f"/questionari/{survey.id}/compila").status_code == 200


def test_whoever_comes_too_early_reads_when_the_activity_opens(browser, make, sheet):
    ballot = make.ballot("coming", codes_allowed=True)
    [code] = sheet(process_id=ballot.process_id, activity_id=ballot.id, expires_at=ballot.closes_at)
    visitor = browser()
    bring(visitor, code)
    page = text_of(visitor.get("/codice"))
    assert str(ballot.title) in page
    assert "apre" in page.lower()


def test_a_code_is_typed_on_the_page_of_the_ballot(browser, sheet, ballot):
    [code] = sheet()
    visitor = browser()
    there = visitor.submit(f"/votazioni/{ballot.id}", {"code": code}, action="/codice")
    assert there.location == f"/votazioni/{ballot.id}/vota"
    assert visitor.get(there.location).status_code == 200


def test_a_code_is_typed_on_the_page_of_the_questionnaire(browser, make, sheet):
    survey = make.survey(codes_allowed=True)
    [code] = sheet()
    visitor = browser()
    there = visitor.submit(f"/questionari/{survey.id}", {"code": code}, action="/codice")
    assert there.location == f"/questionari/{survey.id}/compila"


def test_a_page_where_no_code_is_asked_for_gives_visitors_no_cookie(browser, make, ballot):
    plain = make.ballot(options=2)
    assert "Set-Cookie" not in browser().get(f"/votazioni/{plain.id}").headers
    assert "Set-Cookie" in browser().get(f"/votazioni/{ballot.id}").headers


def test_tying_it_verifies_nobody_and_makes_what_was_done_with_it_the_person_s(browser, make, bound, ballot):
    [code] = bound()
    visitor, person = browser(), make.person()
    bring(visitor, code)
    vote(visitor, ballot)
    own = browser(person)
    assert own.submit(PROFILE, {"code": code}).status_code == 303
    assert not person.verified
    page = text_of(own.get("/profilo/residenza"))
    assert "vale come tuo" in page
    assert "è verificata" not in page
    assert "Hai votato" in text_of(own.get(f"/votazioni/{ballot.id}"))
    assert vote(own, ballot, 1).status_code == 303  # the code speaks for whom it is tied to, where it is good
    assert [choices for choices, _channel, _place in papers()] == [{ballot.options[1].code: 1}]
    assert "/accedi" in visitor.get(f"/votazioni/{ballot.id}/vota").location
    assert "già legato al tuo account" in text_of(own.submit(PROFILE, {"code": code}))
    assert "legato a un altro account" in text_of(browser(make.person()).submit(PROFILE, {"code": code}))
    assert db.session.scalar(sa.select(sa.func.count(Verification.id))) == 0
    assert drift() == []


def test_it_says_nothing_of_the_person_elsewhere(browser, make, bound):
    elsewhere = make.ballot(options=2, codes_allowed=True, audience=Audience.VERIFIED)
    [code] = bound()
    own = browser(make.person())
    own.submit(PROFILE, {"code": code})
    assert "residenza" in text_of(own.get(f"/votazioni/{elsewhere.id}/vota"))
    assert own.get(f"/votazioni/{elsewhere.id}/vota").status_code == 403


def test_whoever_had_answered_with_a_tied_code_reads_why_they_cannot_again(browser, make, sheet):
    survey = make.survey(codes_allowed=True)
    [code] = sheet(process_id=survey.process_id, activity_id=survey.id)
    surveys.answer(survey, bearer_of(code), municipality_id=make.town().id, given=answers_of(survey))
    own = browser(make.person())
    own.submit(PROFILE, {"code": code})
    assert "con un codice legato all’account" in text_of(own.get(f"/questionari/{survey.id}/compila"))
    assert drift() == []


def test_a_code_that_is_too_old_is_tied_where_somebody_took_part_with_it(browser, make, sheet, ballot):
    [code] = sheet()
    visitor, person = browser(), make.person()
    bring(visitor, code)
    vote(visitor, ballot)
    db.session.scalars(sa.select(CodeBatch)).one().expires_at = clock.now()
    own = browser(person)
    assert "l’ultimo giorno era" in text_of(own.submit(PROFILE, {"code": code}))
    assert own.submit(PROFILE, {"code": code, "took_part": "y"}).status_code == 303
    assert "Hai votato" in text_of(own.get(f"/votazioni/{ballot.id}"))
    assert not person.verified


def test_whoever_leaves_and_comes_back_does_not_vote_again_beside_the_code(make, bound, ballot, finding):
    [code] = bound()
    voting.cast(ballot, bearer_of(code), {ballot.options[0].code: 1})
    person, again = make.person(), make.person()
    codes.use(person, code)
    verify(person, finding(code_of(1)), actor=None)
    erasure.erase(person, withdraw=False, actor=person)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TiedCode)) == 0
    verify(again, finding(code_of(1)), actor=None)
    voting.cast(ballot, again, {ballot.options[1].code: 1})
    assert len(papers()) == 1
    assert drift() == []


def test_whoever_brings_a_code_is_not_taken_for_a_visitor_who_answered(make, sheet):
    survey = make.survey(codes_allowed=True, anonymous=False, audience=Audience.ANYONE)
    [code] = sheet()
    surveys.answer(survey, None, municipality_id=None, given=answers_of(survey))
    assert not questionnaires.has_answered(survey, bearer_of(code))


def test_taking_part_leaves_no_mark_on_the_code(make, sheet, ballot):
    """Not even the marks of PostgreSQL: a lock on a row would tell the number of the transaction of the vote."""
    [code] = sheet()
    bearer, person = bearer_of(code), make.person(verified=True)
    db.session.commit()
    postgresql = db.session.get_bind().dialect.name == "postgresql"
    marks = [sa.text(f"SELECT {'xmin, xmax, ' if postgresql else ''}* FROM {table}")  # noqa: S608
             for table in ("one_time_code", "code_batch", "person", "verification")]

    def read():
        return [str(row) for statement in marks for row in db.session.execute(statement)]

    before = read()
    voting.cast(ballot, bearer, {ballot.options[0].code: 1})
    voting.cast(ballot, person, {ballot.options[0].code: 1})
    db.session.commit()
    assert read() == before


def test_a_hundred_who_tie_one_code_at_once_are_one_owner(app, make, bound):
    [code] = bound()
    people = [make.person().id for _ in range(100)]
    db.session.commit()

    def act(id):
        try:
            codes.use(db.session.get_one(Person, id), code)
        except VerificationError as refusal:
            return str(refusal.reason)
        return True

    told = at_once(app, act, people)
    db.session.rollback()
    assert told.count(True) == 1
    assert all("legato a un altro account" in sentence for sentence in told if sentence is not True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TiedCode)) == 1
    assert db.session.scalar(sa.select(CodeBatch.used_count)) == 1


def test_a_hundred_answers_at_once_with_one_code_are_one(app, make, sheet):
    survey = make.survey(codes_allowed=True)
    [code] = sheet()
    id, given = survey.id, answers_of(survey)
    db.session.commit()

    def act(_number):
        try:
            surveys.answer(questionnaires.survey(id), bearer_of(code), municipality_id=None, given=given)
        except surveys.AlreadyAnsweredError:
            return False
        return True

    assert at_once(app, act, range(100)).count(True) == 1
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    assert drift() == []


@pytest.mark.parametrize("attempt", range(3))
def test_voting_both_ways_while_the_code_is_tied_leaves_one_paper(app, make, bound, ballot, attempt):
    [code] = bound()
    person, id, first = make.person(verified=True).id, ballot.id, ballot.options[0].code
    db.session.commit()
    with app.app_context():
        bearer = bearer_of(code)  # found good before all of it begins

    def act(what):
        try:
            if what == "tie":
                codes.use(db.session.get_one(Person, person), code)
            else:
                who = bearer if what == "code" else db.session.get_one(Person, person)
                voting.cast(db.session.get_one(Ballot, id), who, {first: 1})
        except voting.RefusedError as refusal:
            return str(refusal.reason)
        return True

    told = at_once(app, act, ["code", "tie", "person"])
    db.session.rollback()
    assert told[1:] == [True, True]
    assert told[0] is True or "legato a un account" in told[0]
    assert len(papers()) == 1
    assert drift() == []


def test_the_office_makes_codes_for_an_activity(browser, make, ballot):
    desk = browser(make.person(Role.PLAN_OFFICE))
    setup = desk.get(f"/ufficio/attivita/{ballot.id}").get_data(as_text=True)
    assert f'href="/ufficio/codici?per=a{ballot.id}"' in setup
    form = desk.form(f"/ufficio/codici?per=a{ballot.id}")
    assert form["fields"]["good_for"] == f"a{ballot.id}"
    made = desk.post("/ufficio/codici", {
        **form["fields"], "municipality": str(make.town().id), "number": "2", "purpose": "assembly",
        "last_day": clock.today().isoformat()})
    found = re.findall(r'class="code-text">([A-Z0-9-]{14})<', made.get_data(as_text=True))
    assert str(ballot.title) in text_of(made)
    batch = db.session.scalars(sa.select(CodeBatch)).one()
    assert (batch.process_id, batch.activity_id, batch.verifies) == (ballot.process_id, ballot.id, False)
    assert bearer_of(found[0]).opens(ballot.id, ballot.process_id)
    assert str(ballot.title) in text_of(desk.get("/ufficio/codici"))


@pytest.mark.parametrize("goal", ["a99", "p99", "x", "a\x00", "a1", "🦉"])
def test_codes_are_made_for_nothing_that_is_not_offered(browser, make, goal):
    make.ballot()  # a code is not enough there
    desk = browser(make.person(Role.PLAN_OFFICE))
    fields = {"municipality": str(make.town().id), "number": "2", "purpose": "letter", "tie": "resides",
              "last_day": clock.today().isoformat(), "good_for": goal}
    assert desk.post("/ufficio/codici", fields).status_code in {200, 400}
    assert db.session.scalar(sa.select(sa.func.count(CodeBatch.id))) == 0


def test_the_schema_knows_no_activity_without_its_percorso(make, ballot):
    with pytest.raises(sa.exc.IntegrityError):
        codes.make(make.town(), number=1, purpose=CodePurpose.LETTER, expires_at=clock.now(), actor=None,
                   activity_id=ballot.id)


def test_a_tied_code_is_told_to_its_owner_as_a_hash(make, bound):
    [code] = bound()
    person = make.person()
    codes.use(person, code)
    hash = identifiers.of_one_time_code(codes.tidy(code))
    assert [tied.hash for tied in person.tied_codes] == [hash]
    assert db.session.scalar(sa.select(OneTimeCode.used)) is True
