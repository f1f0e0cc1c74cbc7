"""Everything that figures of a questionnaire are made of, counted by the database: its rows are never read here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.processes.models import Channel
from consult.surveys import queries
from consult.surveys.answers import CHOICES, MATRICES, NUMBERS
from consult.surveys.models import PREFER_NOT, Answer, Question, QuestionKind, Submission, Survey
from consult.surveys.queries import ELSEWHERE, Places

WEIGHED = frozenset({QuestionKind.RANKING, QuestionKind.POINTS})
"""Each option of theirs comes with a number: its rank, or its points."""
SEVERAL = MATRICES | {QuestionKind.POINTS, QuestionKind.MULTIPLE_CHOICE}
"""One who answers them leaves several rows, and none of them is always there."""
FIRST = 1
"""The rank that every ranking has."""
PLACED = CHOICES | NUMBERS
"""What is told by municipality too."""

Cell = tuple[int, int, int]
"""The ids of a question, of a row of a matrix or 0, and of an option, which may be a municipality."""


@dataclass
class Counts:
    """What was counted. "I prefer not to answer" is counted apart: it is no answer to what was asked."""

    submissions: Places = field(default_factory=Counter)
    channels: Counter[Channel] = field(default_factory=Counter)
    answered: defaultdict[int, Places] = field(default_factory=lambda: defaultdict(Counter))
    """By id of the question: how many answered it at all. By municipality of what one row answers, else in all."""
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


def counted(survey: Survey, *, by_place: bool = True) -> Counts:
    """Count the answers of a questionnaire: at most six queries, however many there are.

    Only what is told by municipality is counted so: it takes a look at the submission of each answer.
    """
    counts = Counts()
    asked = queries.questions(survey)
    _count_submissions(survey, counts)
    placed = [q for q in asked if by_place and q.kind in PLACED]
    _count_answers(placed, counts, place=sa.func.coalesce(Submission.municipality_id, ELSEWHERE))
    _count_answers([q for q in asked if q not in placed and q.kind is not QuestionKind.DATE], counts)
    _count_dates([q for q in asked if q.kind is QuestionKind.DATE], counts)
    _count_people([q for q in asked if q.kind in SEVERAL], counts)
    _count_lines([q for q in asked if q.kind is QuestionKind.MATRIX_MULTIPLE], counts)
    return counts


def _count_submissions(survey: Survey, counts: Counts) -> None:
    place = sa.func.coalesce(Submission.municipality_id, ELSEWHERE)
    rows = db.session.execute(
        sa.select(place, Submission.channel, sa.func.count()).where(Submission.survey_id == survey.id)
        .group_by(place, Submission.channel))
    for where, channel, number in rows:
        counts.submissions[where] += number
        counts.channels[channel] += number


def _count_answers(asked: Sequence[Question], counts: Counts, place: sa.ColumnElement[int] | None = None) -> None:
    """What is chosen, ranked, weighed or given as a number; the index of answers says all of it in its order."""
    if not asked:
        return
    kinds = {question.id: question.kind for question in asked}
    what: list[Any] = [Answer.question_id, Answer.row_id, Answer.option_id, Answer.number]
    rows: Any = sa.select(*what, place if place is not None else sa.literal(ELSEWHERE), sa.func.count())
    if place is not None:
        rows = rows.join(Submission, Submission.id == Answer.submission_id)
        what.append(place)
    for question_id, row_id, option_id, value, where, number in db.session.execute(
            rows.where(Answer.question_id.in_(kinds)).group_by(*what)):
        _note(counts, kinds[question_id], (question_id, row_id, option_id), value, where, number)


def _note(counts: Counts, kind: QuestionKind, cell: Cell, value: float | None, where: int, number: int) -> None:
    """Add how many rows of answers say the same."""
    question_id, row_id, option_id = cell
    if option_id == PREFER_NOT:
        counts.refused[question_id][where] += number
        return
    if kind in WEIGHED:
        counts.weighed[question_id, option_id][value or 0] += number
    elif option_id:
        counts.options[cell][where] += number
    elif value is not None:
        counts.numbers[question_id][value][where] += number
    if kind is QuestionKind.MATRIX_SINGLE:
        counts.row_answered[question_id, row_id] += number
    if (value == FIRST) if kind is QuestionKind.RANKING else kind not in SEVERAL:
        counts.answered[question_id][where] += number


def _count_dates(asked: Sequence[Question], counts: Counts) -> None:
    if not asked:
        return
    month = sa.func.substr(Answer.text, 1, 7)
    what = (Answer.question_id, Answer.option_id, month)
    for question_id, option_id, when, number in db.session.execute(
            sa.select(*what, sa.func.count()).where(Answer.question_id.in_([q.id for q in asked])).group_by(*what)):
        if option_id == PREFER_NOT:
            counts.refused[question_id][ELSEWHERE] += number
        else:
            counts.months[question_id][when] += number
            counts.answered[question_id][ELSEWHERE] += number


def _count_people(asked: Sequence[Question], counts: Counts) -> None:
    """Whoever left several rows has answered once."""
    for question_id, number in _people(asked, Answer.question_id):
        counts.answered[question_id][ELSEWHERE] += number


def _count_lines(asked: Sequence[Question], counts: Counts) -> None:
    for question_id, row_id, number in _people(asked, Answer.question_id, Answer.row_id):
        counts.row_answered[question_id, row_id] += number


def _people(asked: Sequence[Question], *what: Any) -> Iterable[Any]:
    if not asked:
        return ()
    people = sa.func.count(sa.distinct(Answer.submission_id))
    return db.session.execute(
        sa.select(*what, people).where(Answer.question_id.in_([q.id for q in asked]), Answer.option_id != PREFER_NOT)
        .group_by(*what))
