"""Taking an answer: once per person whatever the hurry, whole or not at all, only what answers the question."""

from datetime import timedelta

import pytest

from consult.accounts.models import Person, Verification, VerificationMethod
from consult.core import clock
from consult.core.db import db
from consult.processes.models import Channel
from consult.surveys import queries, services
from consult.surveys.answers import ASKING
from consult.surveys.models import QuestionKind, SurveyParticipation
from tests import recount
from tests.surveys.conftest import answers, submissions
from tests.voting.together import at_once

ANSWERS = {
    QuestionKind.SHORT_TEXT: "Sì", QuestionKind.LONG_TEXT: "Sì, certo", QuestionKind.EMAIL: "io@example.org",
    QuestionKind.NUMBER: 3.5, QuestionKind.DATE: "2026-03-01", QuestionKind.SINGLE_CHOICE: ["o1"],
    QuestionKind.MULTIPLE_CHOICE: ["o1", "o3"], QuestionKind.DROPDOWN: ["o2"], QuestionKind.YES_NO: ["no"],
    QuestionKind.SCALE: 4.0, QuestionKind.ZERO_TO_TEN: 0.0, QuestionKind.MATRIX_SINGLE: {"r1": ["o1"], "r2": ["o3"]},
    QuestionKind.MATRIX_MULTIPLE: {"r2": ["o1", "o2"]}, QuestionKind.RANKING: ["o3", "o1"],
    QuestionKind.POINTS: {"o1": 30, "o2": 70}, QuestionKind.MUNICIPALITY: ["elsewhere"],
    QuestionKind.PLACE: [44.1, 11.2], QuestionKind.FILE: "a1b2"}
ROWS = len(ANSWERS) + 5  # a second option of five kinds



def give(survey, person, **values):
    option = queries.questions(survey)[0].options[0]
    services.answer(survey, person, **{"municipality_id": person.municipality_id if person else None,
                                       "given": {option.question.code: [option.code]}, **values})


def test_parallel_answers_of_one_person_are_one(bare_app, make):
    survey_id, person_id = make.survey().id, make.person().id
    db.session.commit()

    def answer(_number):
        try:
            give(queries.survey(survey_id), db.session.get(Person, person_id))
        except services.AlreadyAnsweredError:
            db.session.rollback()
            return "refused"
        return "taken"

    outcome = at_once(bare_app, answer, list(range(12)))
    assert sorted(outcome) == ["refused"] * 11 + ["taken"]
    assert len(submissions()) == len(answers()) == 1
    assert recount.drift() == []


def test_parallel_answers_of_many_people_are_all_kept(bare_app, make):
    survey_id, people = make.survey().id, [make.person().id for _ in range(12)]
    db.session.commit()
    at_once(bare_app, lambda who: give(queries.survey(survey_id), db.session.get(Person, who)), people)
    assert len(submissions()) == len(answers()) == 12
    assert queries.survey(survey_id).submission_count == 12
    assert recount.drift() == []


def verify(person, identifier):
    person.verifications.append(Verification(method=VerificationMethod.DESK, identifier_hash=identifier,
                                             municipality_id=person.municipality_id))
    db.session.flush()


def test_whoever_is_verified_after_answering_is_recognised(make):
    survey, person = make.survey(), make.person()
    give(survey, person)
    verify(person, "ab" * 32)
    with pytest.raises(services.AlreadyAnsweredError):
        give(survey, person)


def test_a_second_account_gives_no_second_answer_to_whoever_is_verified(make):
    survey, first, second = make.survey(), make.person(), make.person()
    verify(first, "ab" * 32)
    give(survey, first)
    db.session.delete(first.verifications.pop())
    db.session.flush()
    verify(second, "ab" * 32)
    with pytest.raises(services.AlreadyAnsweredError):
        give(survey, second)


def test_the_same_person_has_other_tags_in_other_surveys(make):
    person = make.person()
    for survey in (make.survey(), make.survey()):
        give(survey, person)
    tags = {row.tag for row in db.session.query(SurveyParticipation)}
    assert len(tags) == 2


def test_what_came_on_paper_is_counted_by_its_channel(make):
    survey, town = make.survey(), make.town()
    for _ in range(3):
        give(survey, None, channel=Channel.PAPER, municipality_id=town.id)
    assert [s.channel for s in submissions()] == [Channel.PAPER] * 3
    assert recount.drift() == []


def test_a_survey_that_closed_meanwhile_takes_nothing(make):
    survey = make.survey()
    with clock.at(survey.closes_at + timedelta(seconds=1)), pytest.raises(services.NotOpenError) as refused:
        give(survey, make.person())
    assert "2" in str(refused.value.reason)
    assert submissions() == []


@pytest.mark.parametrize(("kind", "given"), [
    (QuestionKind.SHORT_TEXT, 3.0), (QuestionKind.SHORT_TEXT, [1]), (QuestionKind.NUMBER, "3"),
    (QuestionKind.SCALE, [3]), (QuestionKind.SINGLE_CHOICE, "a"), (QuestionKind.SINGLE_CHOICE, 1.0),
    (QuestionKind.SINGLE_CHOICE, ["0"]), (QuestionKind.MULTIPLE_CHOICE, ["o999"]),
])
def test_what_is_no_answer_to_the_question_is_refused_whole(make, kind, given):
    survey = make.survey(kind)
    with pytest.raises(ValueError, match="question"):
        services.answer(survey, make.person(), municipality_id=None,
                        given={queries.questions(survey)[0].code: given})
    assert submissions() == answers() == []
    assert db.session.query(SurveyParticipation).all() == []


def test_two_options_of_a_single_choice_are_refused(make):
    survey = make.survey()
    question = queries.questions(survey)[0]
    with pytest.raises(ValueError, match="no answer to question"):
        services.answer(survey, make.person(), municipality_id=None,
                        given={question.code: [option.code for option in question.options]})


def test_a_question_of_another_survey_is_refused(make):
    survey, other = make.survey(), make.survey()
    option = queries.questions(other)[0].options[0]
    with pytest.raises(ValueError, match="another questionnaire"):
        services.answer(survey, make.person(), municipality_id=None, given={option.question.code: [option.code]})


def test_all_answers_are_one_insert(make, counted):
    survey, person = make.survey(*QuestionKind), make.person()
    given = {question.code: ANSWERS[question.kind] for question in queries.questions(survey)
             if question.kind in ASKING}
    with counted() as seen:
        services.answer(survey, person, municipality_id=None, given=given)
    assert len([s for s in seen if s.upper().startswith("INSERT INTO ANSWER")]) == 1
    assert len(answers()) == ROWS
