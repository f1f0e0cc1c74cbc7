"""What hangs on earlier answers: asked only of whom it concerns, kept only from them, whatever the way through."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.db import db
from consult.core.languages import Localized
from consult.surveys import queries, services
from consult.surveys.models import QuestionKind, SurveySection
from tests import recount
from tests.browser import text_of
from tests.surveys.conftest import submissions
from tests.surveys.test_services import ANSWERS
from tests.voting.together import at_once


@pytest.fixture
def bus(make):
    """Whoever takes the bus is asked which, and must answer."""
    survey = make.survey(QuestionKind.YES_NO, QuestionKind.SHORT_TEXT)
    first, second = queries.questions(survey)
    second.shown_if, second.required = {"question": first.code, "is": "yes"}, True
    db.session.flush()
    return survey, first, second


def test_a_page_comes_back_with_what_its_answers_opened(bus, browser, make):
    survey, first, second = bus
    visit = browser(make.person())
    form = visit.form(f"/questionari/{survey.id}/compila")
    page = visit.post(form["action"], {**form["fields"], "go": "send", f"q{first.id}": "yes"})
    assert page.status_code == 200
    assert submissions() == []
    visit_again = visit.post(form["action"], {**form["fields"], "seen": second.code, "go": "send",
                                              f"q{first.id}": "yes", f"q{second.id}": "La 12"})
    assert visit_again.status_code == 303
    assert queries.given(survey, submissions()[0]) == {first.code: ["yes"], second.code: "La 12"}


def test_an_optional_question_that_opens_is_shown_before_anything_is_sent(bus, browser, make):
    survey, first, second = bus
    second.required = False
    visit = browser(make.person())
    form = visit.form(f"/questionari/{survey.id}/compila")
    said = text_of(visit.post(form["action"], {**form["fields"], "go": "send", f"q{first.id}": "yes"}))
    assert "Your answers open more questions" in said
    assert submissions() == []


def test_what_was_written_and_is_hidden_again_is_not_asked_for_and_not_kept(bus, browser, make):
    survey, first, second = bus
    visit = browser(make.person())
    form = visit.form(f"/questionari/{survey.id}/compila")
    assert visit.post(form["action"], {**form["fields"], "go": "send", f"q{first.id}": "no",
                                       f"q{second.id}": "La 12"}).status_code == 303
    assert queries.given(survey, submissions()[0]) == {first.code: ["no"]}


def test_a_part_that_shows_nothing_is_passed_over(two_parts, browser, make):
    first = queries.questions(two_parts)[0]
    middle = two_parts.sections[1]
    middle.shown_if = {"question": first.code, "is": "mai"}
    last = SurveySection(survey=two_parts, position=3, title=Localized.of("Parte terza"), intro=Localized())
    db.session.add(last)
    db.session.flush()
    make.question(last, QuestionKind.SHORT_TEXT)
    db.session.expire_all()
    visit = browser(make.person())
    form = visit.form(f"/questionari/{two_parts.id}/compila")
    said = text_of(visit.post(form["action"], {**form["fields"], "go": "next", f"q{first.id}": "Uno"}))
    assert "Part 2 of 2" in said
    assert "Parte terza" in said


KINDS = [QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.SCALE, QuestionKind.SHORT_TEXT,
         QuestionKind.RANKING, QuestionKind.DATE, QuestionKind.PLACE]


def _plainly(questions, said):
    """What counts, in the plainest way: go through once, and take what is shown."""
    counts = {}
    for question in questions:
        condition = question.shown_if
        before = counts.get(condition.get("question"))
        shown = (not condition
                 or ("is" in condition and before is not None
                     and (condition["is"] in before if isinstance(before, list) else condition["is"] == before))
                 or ("answered" in condition and (before is not None) == condition["answered"])
                 or ("at_least" in condition and before is not None and before >= condition["at_least"]))
        if shown and question.code in said:
            counts[question.code] = said[question.code]
    return counts


def _condition(luck, earlier):
    one = luck.choice(earlier)
    ways = [{"question": one.code, "answered": luck.random() < 0.5}]
    if one.options:
        ways.append({"question": one.code, "is": luck.choice(one.options).code})
    if one.kind is QuestionKind.SCALE:
        ways.append({"question": one.code, "at_least": luck.randint(1, 5)})
    if one.kind is QuestionKind.SHORT_TEXT:
        ways.append({"question": one.code, "is": "Sì"})
    return luck.choice(ways)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_any_way_through_keeps_exactly_the_answers_of_what_is_shown(make, seed):
    luck = random.Random(seed)  # noqa: S311 - a questionnaire, no secret
    survey = make.survey(*(luck.choice(KINDS) for _ in range(luck.randint(2, 8))))
    questions = queries.questions(survey)
    for at, question in enumerate(questions[1:], 1):
        if luck.random() < 0.7:
            question.shown_if = _condition(luck, questions[:at])
    db.session.flush()
    said = {question.code: ANSWERS[question.kind] for question in questions if luck.random() < 0.7}
    id = services.answer(survey, None, municipality_id=None, given=said)
    db.session.expire_all()
    submission = next(one for one in submissions() if one.id == id)
    assert queries.given(survey, submission) == _plainly(questions, said)


def test_every_kind_read_again_is_as_it_was_given(make):
    survey = make.survey(*ANSWERS)
    said = {question.code: ANSWERS[question.kind] for question in queries.questions(survey)}
    services.answer(survey, None, municipality_id=None, given=said)
    assert queries.given(survey, submissions()[0]) == said


def test_two_hundred_at_once_are_all_kept_and_none_twice(bare_app, make):
    survey_id = make.survey(QuestionKind.SINGLE_CHOICE, QuestionKind.POINTS).id
    db.session.commit()

    def answer(number):
        survey = queries.survey(survey_id)
        first, second = queries.questions(survey)
        return services.answer(survey, None, municipality_id=None, form=f"form {number // 2}",
                               given={first.code: ["o1"], second.code: {"o1": 40, "o2": 60}})

    outcome = at_once(bare_app, answer, list(range(400)))  # each of two hundred, sent twice
    assert len(set(outcome)) == len(submissions()) == 200
    assert queries.survey(survey_id).submission_count == 200
    assert recount.drift() == []
