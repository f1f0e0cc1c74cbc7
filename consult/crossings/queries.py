"""Counting answers by two things at once, by which questions everybody may see them, and what to compare with."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from consult.core.db import db
from consult.crossings.models import CrossingSide
from consult.crossings.variables import Joined, Value, Variable
from consult.processes.models import Phase
from consult.surveys.models import Submission, Survey
from consult.territory.models import StakeholderCategory


def open_sides(survey: Survey) -> set[int]:
    """The ids of the questions by which everybody may tell answers apart."""
    return set(db.session.scalars(
        sa.select(CrossingSide.question_id).where(CrossingSide.survey_id == survey.id)))


def categories() -> Sequence[StakeholderCategory]:
    """The categories of organisations, in their order."""
    return db.session.scalars(sa.select(StakeholderCategory).order_by(
        StakeholderCategory.position, StakeholderCategory.id)).all()


def counted(survey: Survey, *variables: Variable) -> Counter[tuple[Value, ...]]:
    """How many submissions have each combination of values: one query, whose groups are all that is read.

    A submission that chose several options of a variable is counted once with each.
    """
    joined = [Joined(variable) for variable in variables]
    wanted = sa.select(*(column for one in joined for column in one.columns), sa.func.count()).select_from(Submission)
    for one in joined:
        for target, condition in one.joins:
            wanted = wanted.outerjoin(target, condition)
    rows = db.session.execute(wanted.where(Submission.survey_id == survey.id)
                              .group_by(*(column for one in joined for column in one.columns)))
    found: Counter[tuple[Value, ...]] = Counter()
    for *columns, number in rows:
        values, at = [], 0
        for one in joined:
            values.append(one.read(columns[at:at + len(one.columns)]))
            at += len(one.columns)
        found[tuple(values)] += number
    return found


def of_process(process_id: int) -> Sequence[Survey]:
    """The questionnaires of a percorso, in the order in which they open."""
    return db.session.scalars(
        sa.select(Survey).join(Phase, Phase.id == Survey.phase_id).where(Phase.process_id == process_id)
        .options(contains_eager(Survey.phase).joinedload(Phase.process)).order_by(Survey.opens_at, Survey.id)).all()
