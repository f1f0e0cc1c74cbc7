"""What the tests of questionnaires share."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.core.languages import Localized
from consult.surveys import queries
from consult.surveys.models import Answer, Question, QuestionKind, Submission, Survey, SurveySection
from tests.browser import Browser
from tests.factories import Make


@pytest.fixture
def browser(browser: Callable[..., Browser]) -> Callable[..., Browser]:
    """Browsers that read English: its sentences are those of the code."""

    def start(person: Any = None) -> Browser:
        started = browser(person)
        started._apart(lambda: started._keep_in_cookie(language="en"))
        return started

    return start


@pytest.fixture
def counted(queries: Callable[[], Any]) -> Callable[[], Any]:
    """The fixture `queries` under a name that leaves the module its own."""
    return queries


@pytest.fixture
def ask(make: Make) -> Callable[..., tuple[Survey, Question]]:
    """A survey that asks one question."""

    def build(kind: QuestionKind, **values: Any) -> tuple[Survey, Question]:
        survey = make.survey(kind, **values.pop("survey", {}))
        question = queries.questions(survey)[0]
        for name, value in values.items():
            setattr(question, name, Localized.of(value) if name.endswith("label") else value)
        db.session.flush()
        return survey, question

    return build


@pytest.fixture
def two_parts(make: Make) -> Survey:
    """A survey of thirteen questions in two sections: too long for one page."""
    survey = make.survey(*[QuestionKind.SHORT_TEXT] * 7)
    second = SurveySection(survey=survey, position=2, title=Localized.of("Parte seconda"), intro=Localized())
    db.session.add(second)
    db.session.flush()
    kinds = [QuestionKind.MULTIPLE_CHOICE, QuestionKind.SINGLE_CHOICE, QuestionKind.SCALE, QuestionKind.NUMBER,
             QuestionKind.LONG_TEXT, QuestionKind.SHORT_TEXT]
    for position, kind in enumerate(kinds, 1):
        make.question(second, kind, position=position)
    db.session.expire_all()
    return survey


def submissions() -> list[Submission]:
    return list(db.session.scalars(sa.select(Submission)))


def answers() -> list[tuple[int, float | None, str | None]]:
    """Every answer kept: option, number, text."""
    return [(a.option_id, a.number, a.text) for a in db.session.scalars(
        sa.select(Answer).order_by(Answer.question_id, Answer.option_id))]
