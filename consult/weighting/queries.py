"""Counting people and answers by the traits to which a questionnaire is weighted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from consult.core.db import db
from consult.crossings import queries as crossings
from consult.crossings.variables import SCALES, Joined, Value, Variable
from consult.surveys.answers import MATRICES
from consult.surveys.models import PREFER_NOT, Answer, QuestionKind, Submission, Survey
from consult.surveys.queries import questions
from consult.weighting.models import Weighting

Group = tuple[Value, ...]
"""A value of each trait, known or not."""
Place = tuple[int, int]
"""The ids of a question and of a row of a matrix, or 0."""


def weighting_of(survey: Survey) -> Weighting | None:
    """How a questionnaire is weighted, with its numbers."""
    return db.session.scalar(sa.select(Weighting).where(Weighting.survey_id == survey.id)
                             .options(selectinload(Weighting.margins), selectinload(Weighting.sources)))


@dataclass
class Given:
    """Answers by group of people."""

    options: defaultdict[tuple[int, int, int], Counter[Group]] = field(default_factory=lambda: defaultdict(Counter))
    points: defaultdict[tuple[int, float], Counter[Group]] = field(default_factory=lambda: defaultdict(Counter))
    """By id of the question and point of its scale."""
    sums: defaultdict[tuple[int, int], defaultdict[Group, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    """By ids of question and option, or 0: the sum of numbers, ranks or points given."""
    answered: defaultdict[Place, Counter[Group]] = field(default_factory=lambda: defaultdict(Counter))
    """How many answered a question, or a row of it; of a ranking, by option, are `options`."""


def people(survey: Survey, traits: Sequence[Variable]) -> Counter[Group]:
    """How many submissions are in each group."""
    return crossings.counted(survey, *traits)


def given(survey: Survey, traits: Sequence[Variable]) -> Given:
    """What each group answered: two queries, whose groups are all that is read."""
    found = Given()
    scales = [question.id for question in questions(survey) if question.kind in SCALES]
    point = sa.case((Answer.question_id.in_(scales), Answer.number), else_=None).label("point")
    what = (Answer.question_id, Answer.row_id, Answer.option_id, point)
    for group, (question_id, row_id, option_id, at), (number, total) in _grouped(
            survey, traits, what, (sa.func.count(), sa.func.sum(Answer.number))):
        if option_id:
            found.options[question_id, row_id, option_id][group] += number
        elif at is not None:
            found.points[question_id, at][group] += number
        if total is not None:
            found.sums[question_id, option_id][group] += total
    for group, (question_id, row_id), (number,) in _grouped(
            survey, traits, (Answer.question_id, _line(survey)), (sa.func.count(sa.distinct(Answer.submission_id)),)):
        found.answered[question_id, row_id][group] += number
    return found


def _line(survey: Survey) -> sa.ColumnElement[int]:
    """The row of a matrix, whose rows are answered each by itself."""
    matrices = [question.id for question in questions(survey) if question.kind in MATRICES]
    return sa.case((Answer.question_id.in_(matrices), Answer.row_id), else_=0).label("line")


def _grouped(survey: Survey, traits: Sequence[Variable], what: Sequence[Any],
             figures: Sequence[Any]) -> Iterable[tuple[Group, Sequence[Any], Sequence[Any]]]:
    joined = [Joined(trait) for trait in traits]
    columns = [column for one in joined for column in one.columns]
    told = [question.id for question in questions(survey) if question.kind is not QuestionKind.INFORMATION]
    wanted = sa.select(*columns, *what, *figures).select_from(Submission).join(
        Answer, Answer.submission_id == Submission.id)
    for one in joined:
        for target, condition in one.joins:
            wanted = wanted.outerjoin(target, condition)
    rows = db.session.execute(
        wanted.where(Submission.survey_id == survey.id, Answer.question_id.in_(told), Answer.option_id != PREFER_NOT)
        .group_by(*columns, *what))
    for row in rows:
        at, group = 0, []
        for one in joined:
            group.append(one.read(row[at:at + len(one.columns)]))
            at += len(one.columns)
        yield tuple(group), row[at:at + len(what)], row[at + len(what):]
