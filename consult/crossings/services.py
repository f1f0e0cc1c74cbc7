"""Saying by which questions everybody may see the answers to the others."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db, table
from consult.crossings.models import CrossingSide
from consult.surveys import queries
from consult.surveys.answers import ONE
from consult.surveys.models import Survey

MOST_SIDES = 3
"""With each more there are more pairs of tables from which small figures might be worked out."""


@dataclass(frozen=True, kw_only=True)
class SidesOpened(events.Event):
    """It was said by which questions everybody may see the answers of a questionnaire."""

    survey_id: int


class NoSideError(ValueError):
    """Answers cannot be told apart by these questions, or by so many."""


def open_sides(survey: Survey, person: Person, question_ids: Collection[int]) -> None:
    """Let everybody see answers by these questions, and by no others, once the survey is over.

    Raises NoSideError, and changes nothing, for questions of another form than one choice, or more than three.
    """
    possible = {question.id for question in queries.questions(survey) if question.kind in ONE}
    if not set(question_ids) <= possible or len(set(question_ids)) > MOST_SIDES:
        raise NoSideError
    kept = table(CrossingSide)
    db.session.execute(sa.delete(kept).where(kept.c.survey_id == survey.id))
    if question_ids:
        db.session.execute(sa.insert(kept), [
            {"question_id": id, "survey_id": survey.id} for id in sorted(set(question_ids))])
    events.record(SidesOpened(actor_id=person.id, survey_id=survey.id))
