"""Answers that come at the same instant as each other, as changes of the questions, or of how answers are kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.core.db import db
from consult.questionnaires import arranging
from consult.questionnaires import services as questionnaires
from consult.surveys import queries, services
from consult.surveys.answers import BadAnswerError
from consult.surveys.models import QuestionKind
from tests import recount
from tests.conftest import POSTGRESQL
from tests.surveys.conftest import answers, submissions
from tests.voting.together import at_once

on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="on SQLite one writes at a time")


@pytest.fixture
def two(make):
    """The ids of a survey with two questions, of somebody of the office, and of somebody who answers."""
    survey = make.survey(QuestionKind.SHORT_TEXT, QuestionKind.SINGLE_CHOICE)
    ids = survey.id, make.person(Role.PLAN_OFFICE).id, make.person().id
    db.session.commit()
    return ids


def waiting():
    """Wait until somebody waits for somebody else."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as apart:
        for _ in range(600):
            if apart.scalar(sa.text("SELECT count(*) FROM pg_stat_activity "
                                    "WHERE datname = current_database() AND wait_event_type = 'Lock'")):
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.fixture
def behind(bare_app, two):
    """Do one thing, and before it is kept another that has read the survey before: answers what came of the other."""

    def run(first, second):
        has_read, may_go = Event(), Event()

        def other():
            with bare_app.app_context():
                survey = queries.survey(two[0])
                has_read.set()
                assert may_go.wait(60)
                try:
                    second(survey)
                    db.session.commit()
                except (BadAnswerError, questionnaires.RefusedChangeError, sa.exc.DBAPIError) as fault:
                    db.session.rollback()
                    return type(fault)
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(other)
            assert has_read.wait(60)
            first(queries.survey(two[0]))
            may_go.set()
            waiting()
            db.session.commit()
            return done.result(60)

    return run


@pytest.fixture
def acts(two):
    """`answer` to one of the two questions, or `remove` one of them."""

    class Acts:
        @staticmethod
        def answer(text=None, choice=None):
            def act(survey):
                first, second = (question.code for question in queries.questions(survey))
                services.answer(survey, db.session.get(Person, two[2]), municipality_id=None, form="form",
                                given={**({first: text} if text else {}), **({second: choice} if choice else {})})
            return act

        @staticmethod
        def remove(number):
            def act(survey):
                code = queries.questions(survey)[number].code
                questionnaires.alter(survey, db.session.get(Person, two[1]), lambda data: arranging.without(data, code),
                                     about=dict, seen=survey.definition_version)
            return act

        @staticmethod
        def keep_names(survey):
            questionnaires.settle(survey, db.session.get(Person, two[1]), seen=survey.version, anonymous=False)

    return Acts


@on_postgresql
def test_an_answer_that_still_holds_is_kept_under_the_new_questions(behind, acts, two):
    assert behind(acts.remove(1), acts.answer(text="Sì")) is None
    db.session.expire_all()
    assert [text for _option, _number, text in answers()] == ["Sì"]
    assert submissions()[0].definition_version == queries.survey(two[0]).definition_version == 2
    assert recount.drift() == []


@on_postgresql
def test_an_answer_to_a_question_that_goes_at_the_same_instant_is_refused_whole(behind, acts):
    assert behind(acts.remove(0), acts.answer(text="Sì", choice=["o1"])) is BadAnswerError
    db.session.expire_all()
    assert (submissions(), answers(), recount.drift()) == ([], [], [])


@on_postgresql
def test_a_question_that_is_answered_at_the_same_instant_is_not_removed(behind, acts):
    assert behind(acts.answer(text="Sì"), acts.remove(0)) is questionnaires.RefusedChangeError
    db.session.expire_all()
    assert len(answers()) == len(submissions()) == 1
    assert recount.drift() == []


@on_postgresql
def test_an_answer_is_kept_as_was_settled_at_the_same_instant(behind, acts, two):
    assert behind(acts.keep_names, acts.answer(text="Sì")) is None
    db.session.expire_all()
    assert [one.person_id for one in submissions()] == [two[2]]


def test_what_was_written_stays_where_the_questions_change_under_it(make, browser, monkeypatch):
    survey, person = make.survey(QuestionKind.SHORT_TEXT, QuestionKind.SHORT_TEXT), make.person()
    first, second = ((question.id, question.code) for question in queries.questions(survey))
    address, staff_id, hold = f"/questionari/{survey.id}/compila", make.person(Role.PLAN_OFFICE).id, services._hold_open
    visit = browser(person)
    form = visit.form(address)["fields"]

    def changed_before(held):
        monkeypatch.setattr(services, "_hold_open", hold)
        questionnaires.alter(held, db.session.get(Person, staff_id), lambda data: arranging.without(data, first[1]),
                             about=dict, seen=held.definition_version)
        db.session.commit()
        hold(held)

    monkeypatch.setattr(services, "_hold_open", changed_before)
    written = {**form, f"q{first[0]}": "Uno", f"q{second[0]}": "Due"}
    page = visit.post(address, written).get_data(as_text=True)
    assert "The questions were changed while you were answering" in page
    assert 'value="Due"' in page
    assert 'value="Uno"' not in page
    assert visit.post(address, written).status_code == 303
    assert [text for _option, _number, text in answers()] == ["Due"]


def test_two_hundred_people_at_once_lose_nothing_and_nobody_answers_twice(bare_app, make):
    survey_id, people = make.survey().id, [make.person().id for _ in range(200 if POSTGRESQL else 40)]
    db.session.commit()

    def answer(who):
        survey, person = queries.survey(survey_id), db.session.get(Person, who)
        option = queries.questions(survey)[0].options[who % 3]
        try:
            services.answer(survey, person, municipality_id=person.municipality_id,
                            given={option.question.code: [option.code]})
        except services.AlreadyAnsweredError:
            db.session.rollback()
            return "refused"
        return "taken"

    outcome = at_once(bare_app, answer, people + people[:20])
    assert sorted(outcome) == ["refused"] * 20 + ["taken"] * len(people)
    assert len(submissions()) == len(answers()) == queries.survey(survey_id).submission_count == len(people)
    assert recount.drift() == []
