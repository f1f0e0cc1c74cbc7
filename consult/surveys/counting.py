"""Everything that figures of a questionnaire are made of, counted by the database: its rows are never read here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.processes.models import Channel
from consult.surveys import queries
from consult.surveys.answers import MATRICES
from consult.surveys.models import PREFER_NOT, Answer, Question, QuestionKind, Submission, Survey
from consult.surveys.queries import ELSEWHERE, Places

WEIGHED = frozenset({QuestionKind.RANKING, QuestionKind.POINTS})
"""Each option of theirs comes with a number: its rank, or its points."""
SEVERAL = MATRICES | WEIGHED | {QuestionKind.MULTIPLE_CHOICE}
"""One who answers them leaves several rows."""

Cell = tuple[int, int, int]
"""The ids of a question, of a row of a matrix or 0, and of an option, which may be a municipality."""


@dataclass
class Counts:
    """What was counted. "I prefer not to answer" is counted apart: it is no answer to what was asked."""

    submissions: Places = field(default_factory=Counter)
    channels: Counter[Channel] = field(default_factory=Counter)
    answered: defaultdict[int, Places] = field(default_factory=lambda: defaultdict(Counter))
    """By id of the question: how many answered it at all."""
    refused: defaultdict[int, Places] = field(default_factory=lambda: defaultdict(Counter))
    """By id of the question: how many preferred not to answer it."""
    options: defaultdict[Cell, Places] = field(default_factory=lambda: defaultdict(Counter))
    """How many chose an option."""
    numbers: defaultdict[int, defaultdict[float, Places]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    """By id of the question and value: how many gave it."""
    weighed: defaultdict[tuple[int, int], Counter[float]] = field(default_factory=lambda: defaultdict(Counter))
    """By ids of question and option: how many gave it which rank, or how many points."""
    months: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By id of the question: how many named a day in which month, as 2026-03."""
    row_answered: Counter[tuple[int, int]] = field(default_factory=Counter)
    """By ids of question and row of a matrix: how many answered the row."""


def counted(survey: Survey) -> Counts:
    """Count the answers of a questionnaire: at most five queries, however many there are."""
    counts = Counts()
    place = sa.func.coalesce(Submission.municipality_id, ELSEWHERE)
    asked = queries.questions(survey)
    _count_submissions(survey, place, counts)
    _count_answers(survey, place, asked, counts)
    apart = [q for q in asked if q.kind in WEIGHED or q.kind is QuestionKind.DATE]
    if apart:
        _count_apart(survey, apart, counts)
    several = [q for q in asked if q.kind in SEVERAL]
    if several:
        _count_people(survey, place, several, counts)
    lines = [q.id for q in asked if q.kind in MATRICES]
    if lines:
        _count_lines(survey, lines, counts)
    return counts


def _count_submissions(survey: Survey, place: sa.ColumnElement[int], counts: Counts) -> None:
    rows = db.session.execute(
        sa.select(place, Submission.channel, sa.func.count()).where(Submission.survey_id == survey.id)
        .group_by(place, Submission.channel))
    for where, channel, number in rows:
        counts.submissions[where] += number
        counts.channels[channel] += number


def _count_answers(survey: Survey, place: sa.ColumnElement[int], asked: Sequence[Question], counts: Counts) -> None:
    """What is chosen or given as a number, by place; several rows of one person count as one answer elsewhere."""
    mine = [q.id for q in asked if q.kind not in WEIGHED and q.kind is not QuestionKind.DATE]
    once = {q.id for q in asked if q.kind not in SEVERAL}
    what = (Answer.question_id, Answer.row_id, Answer.option_id, Answer.number)
    for question_id, row_id, option_id, value, where, number in _grouped(survey, mine, *what, place):
        if option_id == PREFER_NOT:
            counts.refused[question_id][where] += number
            continue
        if option_id:
            counts.options[question_id, row_id, option_id][where] += number
        elif value is not None:
            counts.numbers[question_id][value][where] += number
        if question_id in once:
            counts.answered[question_id][where] += number


def _count_apart(survey: Survey, apart: Sequence[Question], counts: Counts) -> None:
    """Ranks, points and dates, which are told for the whole only."""
    dates = [q.id for q in apart if q.kind is QuestionKind.DATE]
    month = sa.case((Answer.question_id.in_(dates), sa.func.substr(Answer.text, 1, 7)), else_=None).label("month")
    what = (Answer.question_id, Answer.option_id, Answer.number, month)
    for question_id, option_id, value, when, number in _grouped(survey, [q.id for q in apart], *what):
        if option_id == PREFER_NOT:
            counts.refused[question_id][ELSEWHERE] += number
        elif when is not None:
            counts.months[question_id][when] += number
            counts.answered[question_id][ELSEWHERE] += number
        else:
            counts.weighed[question_id, option_id][value] += number


def _count_people(survey: Survey, place: sa.ColumnElement[int], several: Sequence[Question], counts: Counts) -> None:
    """Whoever left several rows has answered once."""
    for question_id, where, number in _people(survey, [q.id for q in several], Answer.question_id, place):
        counts.answered[question_id][where] += number


def _count_lines(survey: Survey, lines: Collection[int], counts: Counts) -> None:
    for question_id, row_id, number in _people(survey, lines, Answer.question_id, Answer.row_id):
        counts.row_answered[question_id, row_id] += number


def _grouped(survey: Survey, question_ids: Collection[int], *what: Any) -> sa.Result[*tuple[Any, ...]]:
    return db.session.execute(
        sa.select(*what, sa.func.count()).join(Submission, Submission.id == Answer.submission_id)
        .where(Submission.survey_id == survey.id, Answer.question_id.in_(question_ids)).group_by(*what))


def _people(survey: Survey, question_ids: Collection[int], *what: Any) -> sa.Result[*tuple[Any, ...]]:
    people = sa.func.count(sa.distinct(Answer.submission_id))
    return db.session.execute(
        sa.select(*what, people).join(Submission, Submission.id == Answer.submission_id)
        .where(Submission.survey_id == survey.id, Answer.question_id.in_(question_ids),
               Answer.option_id != PREFER_NOT).group_by(*what))
