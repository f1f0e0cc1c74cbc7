"""Answering a questionnaire. What is written of an answer never leads to who gave it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString

from consult.accounts.models import Person
from consult.core import clock, events, keys
from consult.core.db import db, insert, rows_touched, table
from consult.processes import queries as processes_queries
from consult.processes import services as processes
from consult.processes.models import Activity, Channel
from consult.surveys import answers, paths, queries
from consult.surveys.answers import BadAnswerError, Given
from consult.surveys.models import Answer, Submission, Survey, SurveyParticipation
from consult.verification import bearers
from consult.verification.bearers import Bearer


class AlreadyAnsweredError(Exception):
    """This person took part before; nothing was written."""


class NotOpenError(Exception):
    """The questionnaire takes no answers; the reason is a sentence for people. Nothing was written."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(events.Event):
    """Somebody answered. Where the questionnaire is anonymous, the event names nobody."""

    survey_id: int


def answer(survey: Survey, person: Person | Bearer | None, *, municipality_id: int | None, given: Mapping[str, Given],
           channel: Channel = Channel.ONLINE) -> None:
    """Take one filled-in questionnaire: answers by the code of their question, none for what was left out.

    What was given to questions that are not shown is not kept. `person` is None for a visitor without an account, and
    for what came on paper. Raises NotOpenError, AlreadyAnsweredError, keys.KeyLostError where it can no longer be
    told who took part, and BadAnswerError for what is no answer to the question.
    """
    rows = _rows(survey, given)
    _hold_open(survey)
    if person is not None and queries.once_each(survey):
        _take_part(survey, person)
    submission_id = secrets.token_hex(16)
    _submit(survey, person, id=submission_id, municipality_id=municipality_id, channel=channel)
    if rows:
        db.session.execute(sa.insert(table(Answer)), [{"submission_id": submission_id, **row} for row in rows])
    survey.submission_count = Survey.submission_count + 1
    processes.count(survey, "submission", municipality_id)
    db.session.flush()
    named = person is not None and not survey.anonymous
    events.record(SurveyAnswered(actor_id=person.id if person and named else None, survey_id=survey.id))


def _hold_open(survey: Survey) -> None:
    """Let nobody close the questionnaire before this answer is kept, or find it closed: then it is not counted."""
    row = table(Activity).c.id
    db.session.execute(sa.select(row).where(row == survey.id).with_for_update(read=True))
    taking = survey.takes()
    if not taking:
        raise NotOpenError(taking.reason)


def _take_part(survey: Survey, person: Person | Bearer) -> None:
    """Write that somebody took part, once: under the first tag, and never where another one is known."""
    try:
        bearers.hold(person)
    except bearers.NotGoodError as refusal:
        raise NotOpenError(refusal.reason) from refusal
    tags = [keys.tag(survey.id, identity, used=lambda: queries.tagged(survey)) for identity in person.identities]
    if len(tags) > 1 and queries.tagged(survey, tags[1:]):
        raise AlreadyAnsweredError
    row = insert(SurveyParticipation).values(survey_id=survey.id, tag=tags[0])
    if not rows_touched(row.on_conflict_do_nothing()):
        raise AlreadyAnsweredError


def _submit(survey: Survey, person: Person | Bearer | None, **values: Any) -> None:
    """The row of a submission; who sent it and when is kept only where the questionnaire is not anonymous."""
    known = {} if survey.anonymous else {"person_id": person.id if person else None, "submitted_at": clock.now()}
    row = insert(Submission).values(survey_id=survey.id, **values, **known)
    if not rows_touched(row.on_conflict_do_nothing(index_elements=["survey_id", "person_id"])):
        raise AlreadyAnsweredError


def _rows(survey: Survey, given: Mapping[str, Given]) -> list[dict[str, Any]]:
    """The rows of the answers that count, in the order of the questions."""
    asked = {question.code: question for question in queries.questions(survey)}
    unknown = set(given) - set(asked)
    if unknown:
        raise BadAnswerError(f"questions of another questionnaire: {sorted(unknown)}")
    places = {place.istat_code: place.id for place in processes_queries.municipalities(survey.phase.process)}
    for code, answer in given.items():
        answers.rows(asked[code], answer, places)  # what is no answer is refused whether or not it would count
    counting = paths.path(survey, given).answers
    return [{"question_id": asked[code].id, **values}
            for code, answer in counting.items() for values in answers.rows(asked[code], answer, places)]
