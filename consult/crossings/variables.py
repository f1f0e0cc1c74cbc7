"""What answers can be crossed with: a question, a row of a matrix, or what is known of a submission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import FromClause

from consult.accounts.models import Mandate, Organisation
from consult.core.languages import Localized, everywhere
from consult.processes.models import Channel
from consult.surveys.answers import ONE
from consult.surveys.distribution import scale
from consult.surveys.figures import NO_ANSWER, REFUSED
from consult.surveys.ground import Ground
from consult.surveys.models import PREFER_NOT, Answer, Question, QuestionKind, Submission, Survey
from consult.surveys.queries import ELSEWHERE, questions
from consult.surveys.statistics import CHANNELS
from consult.territory.models import StakeholderCategory

NONE = 0
"""No answer at all."""
NO_CATEGORY, CITIZEN = 0, -3

Value = int | float | str
SCALES = frozenset({QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN})
MOST_POINTS = 11

PLACE, CHANNEL, CATEGORY, PARTY = "place", "channel", "category", "party"


@dataclass(frozen=True)
class Variable:
    """What tells submissions apart: its values in their order, each with what it is called.

    `exclusive` where each submission has exactly one value; several options may be chosen where it is not.
    """

    key: str
    label: Localized
    values: tuple[tuple[Value, Localized], ...]
    exclusive: bool = True
    question: Question | None = None
    row_id: int = 0

    @property
    def order(self) -> tuple[int, int, int]:
        """Of two variables the one that comes first makes the rows when it is decided what is kept back."""
        return (0, self.question.id, self.row_id) if self.question else (1, 0, 0)

    def called(self, value: Value) -> Localized:
        """What a value is called."""
        return dict(self.values)[value]

    @property
    def counted_by_place(self) -> bool:
        """Whether the published figures of the questionnaire count its values by municipality."""
        return self.question is not None and self.row_id == 0 and (
            self.question.kind in ONE or self.question.kind is QuestionKind.MULTIPLE_CHOICE)


def rows(survey: Survey) -> list[Variable]:
    """What can be told apart by sides: choices, scales, rows of matrices, first places of rankings."""
    return [variable for question in questions(survey) for variable in _of(question)]


def sides(survey: Survey, ground: Ground, categories: Sequence[StakeholderCategory]) -> list[Variable]:
    """By what answers can be told apart: municipality, channel, who is spoken for, and questions of one choice."""
    found = []
    if ground.broken_down:
        found.append(Variable(PLACE, everywhere(_l("Municipality")),
                              tuple((id, ground.names[id]) for id in ground.places)))
    found.append(Variable(CHANNEL, everywhere(_l("Channel")), tuple(
        (channel.value, everywhere(label)) for channel, label in CHANNELS.items())))
    if not survey.anonymous:
        citizens = (CITIZEN, everywhere(_l("Not for an organisation")))
        names = [(category.id, category.name) for category in categories]
        found.append(Variable(CATEGORY, everywhere(_l("Category of the organisation")), (
            *names, (NO_CATEGORY, everywhere(_l("Organisation without a category"))), citizens)))
        found.append(Variable(PARTY, everywhere(_l("For an organisation or not")), (
            (NO_CATEGORY, everywhere(_l("For an organisation"))), citizens)))
    return found + [variable for variable in rows(survey) if variable.question and variable.question.kind in ONE]


def _of(question: Question) -> Iterable[Variable]:
    options = tuple((option.id, option.label) for option in question.options)
    key = f"q{question.id}"
    if question.kind in ONE or question.kind is QuestionKind.MULTIPLE_CHOICE:
        yield Variable(key, question.prompt, (*options, *_beside()), question.kind in ONE, question)
    elif question.kind in SCALES and len(scale(question)) <= MOST_POINTS:
        points = tuple((float(point), Localized.of(str(point))) for point in scale(question))
        yield Variable(key, question.prompt, (*points, *_beside()), True, question)
    elif question.kind is QuestionKind.RANKING:
        yield Variable(key, everywhere(_l("%(question)s First place", question=question.prompt)),
                       (*options, *_beside()), True, question)
    elif question.kind in (QuestionKind.MATRIX_SINGLE, QuestionKind.MATRIX_MULTIPLE):
        for row in question.rows:
            yield Variable(f"{key}.{row.id}", everywhere(_l(
                "%(question)s %(row)s", question=question.prompt, row=row.label)), (*options, *_beside()),
                question.kind is QuestionKind.MATRIX_SINGLE, question, row.id)


def _beside() -> tuple[tuple[Value, Localized], ...]:
    return (f"{PREFER_NOT}", everywhere(REFUSED)), (f"{NONE}", everywhere(NO_ANSWER))


class Joined:
    """A variable as the database reads it: the columns to group by, what is joined for that, and its value in a row."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        self.columns: list[Any] = []
        self.joins: list[tuple[FromClause, sa.ColumnElement[bool]]] = []
        if variable.question is not None:
            self._of_question(variable.question, variable.row_id)
        elif variable.key == PLACE:
            self.columns = [sa.func.coalesce(Submission.municipality_id, ELSEWHERE)]
        elif variable.key == CHANNEL:
            self.columns = [Submission.channel]
        else:
            self._of_party()

    def _of_question(self, question: Question, row_id: int) -> None:
        given = aliased(Answer)
        mine = [given.submission_id == Submission.id, given.question_id == question.id]
        if row_id:
            mine.append(sa.or_(given.row_id == row_id, given.option_id == PREFER_NOT))
        if question.kind is QuestionKind.RANKING:
            mine.append(sa.or_(given.number == 1, given.option_id == PREFER_NOT))
        self.joins = [(given, sa.and_(*mine))]  # type: ignore[list-item] # an alias of a class is joined like a table
        self.columns = [given.option_id, given.number] if question.kind in SCALES else [given.option_id]

    def _of_party(self) -> None:
        """For which organisation somebody spoke when they answered: of several, the category that comes first."""
        spoken = aliased(Mandate)
        named = (sa.select(sa.func.min(sa.func.coalesce(Organisation.category_id, NO_CATEGORY)))
                 .join(spoken, spoken.organisation_id == Organisation.id)
                 .where(spoken.person_id == Submission.person_id, Organisation.verified_at.is_not(None),
                        spoken.since <= Submission.submitted_at,
                        sa.or_(spoken.ended_at.is_(None), spoken.ended_at > Submission.submitted_at))
                 .correlate(Submission).scalar_subquery())
        self.columns = [sa.func.coalesce(named, CITIZEN)]

    def read(self, columns: Sequence[object]) -> Value:
        """The value that a row of the result stands for."""
        first = columns[0]
        if self.variable.question is None:
            if isinstance(first, Channel):
                return first.value
            known = {value for value, _label in self.variable.values}
            value = int(str(first))
            return value if value in known else NO_CATEGORY if self.variable.key == PARTY else ELSEWHERE
        if first is None:
            return f"{NONE}"
        if first == PREFER_NOT:
            return f"{PREFER_NOT}"
        return float(str(columns[1])) if self.variable.question.kind in SCALES else int(str(first))
