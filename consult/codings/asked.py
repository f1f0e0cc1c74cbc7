"""A question that people answer in their own words, with what is kept of its coding."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.codings.models import Codebook
from consult.core.db import db
from consult.surveys import queries as surveys
from consult.surveys.answers import TEXTS
from consult.surveys.models import Answer, Question, QuestionKind, Survey

AnswerKey = tuple[str, int]
"""The submission, and the "other" that the answer explains or 0: with the question it is one answer."""


@dataclass(frozen=True)
class Asked:
    """A question whose answers are texts: its own, or those of its "other"."""

    survey: Survey
    question: Question
    codebook: Codebook | None

    @property
    def process_id(self) -> int:
        """Whose plan office works on it."""
        return self.survey.process_id

    @property
    def closed(self) -> bool:
        """Whether the coding is finished."""
        return self.codebook is not None and self.codebook.closed

    @property
    def version(self) -> int:
        """Of the codebook; 0 where there is none yet."""
        return self.codebook.version if self.codebook else 0

    @property
    def option_ids(self) -> list[int]:
        """Under which options its texts lie."""
        if self.question.kind in TEXTS:
            return [0]
        return [option.id for option in self.question.options if option.other]

    @property
    def texts(self) -> sa.ColumnElement[bool]:
        """The condition under which a row of Answer is one of its texts."""
        return sa.and_(Answer.question_id == self.question.id, Answer.row_id == 0,
                       Answer.option_id.in_(self.option_ids), Answer.text.is_not(None))


def of_survey(survey: Survey) -> list[Asked]:
    """The questions of a survey that are answered in people's own words, in their order."""
    found = [question for question in surveys.questions(survey) if is_open(question)]
    books = {book.question_id: book for book in db.session.scalars(
        sa.select(Codebook).where(Codebook.question_id.in_([question.id for question in found])))}
    return [Asked(survey, question, books.get(question.id)) for question in found]


def one(survey_id: int, question_id: int) -> Asked | None:
    """One of them."""
    survey = surveys.survey(survey_id)
    return next((asked for asked in of_survey(survey) if asked.question.id == question_id), None) if survey else None


def is_open(question: Question) -> bool:
    """Whether people answer a question in their own words, or can."""
    return question.kind in TEXTS or any(option.other for option in question.options)


def consents(survey: Survey) -> Sequence[Question]:
    """The questions by which people may agree that what they wrote is published: those for yes or no."""
    return [question for question in surveys.questions(survey) if question.kind is QuestionKind.YES_NO]
