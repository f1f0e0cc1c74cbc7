"""Answering a questionnaire and changing what was answered. What is written of answers never leads to who gave them."""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, codes, events, keys
from consult.core.db import db, insert, rows_touched, table
from consult.processes import queries as processes_queries
from consult.processes import services as processes
from consult.processes.models import Activity, Channel
from consult.resuming import services as resuming
from consult.surveys import answers, papers, paths, queries
from consult.surveys.answers import CHOICES, BadAnswerError, Given
from consult.surveys.models import (
    ENOUGH,
    Answer,
    Question,
    QuestionKind,
    Quota,
    Submission,
    Survey,
    SurveyParticipation,
)
from consult.verification import bearers
from consult.verification.bearers import Bearer


class AlreadyAnsweredError(Exception):
    """This person took part before; nothing was written."""


class NotOpenError(Exception):
    """The questionnaire takes no such answers; the reason is a sentence for people. Nothing was written."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(events.Event):
    """Somebody answered. Where the questionnaire is anonymous, the event names nobody."""

    survey_id: int


@dataclass(frozen=True, kw_only=True)
class SurveyAnswerChanged(events.Event):
    """Somebody changed with the code of a receipt what was answered. It names nobody, and not which answer."""

    survey_id: int


def answer(survey: Survey, person: Person | Bearer | None, *, municipality_id: int | None, given: Mapping[str, Given],
           channel: Channel = Channel.ONLINE, receipt: str | None = None, seed: int = 0,
           form: str | None = None, saved: str | None = None) -> str:
    """Take one filled-in questionnaire: answers by the code of their question, none for what was left out.

    What was given to questions that are not shown is not kept. `person` is None for a visitor without an account, and
    for what came on paper. `receipt` is the code that whoever answered is told; `form` whatever is the same each time
    the same form is sent, however often and from wherever: it is taken once; `saved` the code under which it was saved
    on the way. Answers the id of the submission.
    Raises NotOpenError, AlreadyAnsweredError, keys.KeyLostError where it can no longer be told who took part, and
    BadAnswerError for what is no answer to the question as it is asked now: it may have been changed meanwhile.
    """
    submission_id = _id_of(survey, form)
    if form and _there(submission_id):
        return submission_id
    _hold_open(survey)
    rows = _rows(survey, given)
    try:
        if person is not None and queries.once_each(survey):
            _take_part(survey, person)
        _submit(survey, person, id=submission_id, municipality_id=municipality_id, channel=channel, seed=seed,
                definition_version=survey.definition_version,
                receipt_hash=codes.hashed(receipt, queries.RECEIPT) if receipt else None)
    except AlreadyAnsweredError:
        if form and _there(submission_id):
            return submission_id  # the same form, sent at the same instant
        raise
    _take_place(survey)
    _keep(survey, submission_id, rows)
    resuming.spend(survey, saved)
    processes.count(survey, "submission", municipality_id)
    db.session.flush()
    named = person is not None and not survey.anonymous
    events.record(SurveyAnswered(actor_id=person.id if person and named else None, survey_id=survey.id))
    return submission_id


def change(survey: Survey, code: str, *, given: Mapping[str, Given], seed: int = 0, person: Any = None) -> None:
    """Put other answers in the place of those that a receipt's code leads to: all of them, or none on failure.

    Without a code, of those that `person` sent with their name. Raises NotOpenError where the questionnaire has closed,
    does not let answers be changed or knows no such answers, and BadAnswerError as `answer`.
    """
    _hold_open(survey)
    rows = _rows(survey, given)
    submission = None
    if survey.may_change:
        submission = (queries.by_receipt(survey, code, held=True) if code or person is None
                      else queries.by_person(survey, person, held=True))
    if submission is None:
        raise NotOpenError(_l("There are no answers with this code that could be changed."))
    _give_back(survey, submission)
    db.session.execute(sa.delete(Answer).where(Answer.submission_id == submission.id)
                       .execution_options(synchronize_session=False))
    _keep(survey, submission.id, rows)
    submission.seed, submission.definition_version = seed, survey.definition_version
    db.session.flush()
    db.session.expire(submission)
    events.record(SurveyAnswerChanged(actor_id=None, survey_id=survey.id))


def _id_of(survey: Survey, form: str | None) -> str:
    """A random id; of the same form the same one, from which nobody can tell the form."""
    if not form:
        return secrets.token_hex(16)
    return hashlib.sha256(f"submission\0{survey.id}\0{form}".encode("utf-8", "replace")).hexdigest()[:32]


def _there(submission_id: str) -> bool:
    return db.session.scalar(sa.select(Submission.id).where(Submission.id == submission_id)) is not None


def _hold_open(survey: Survey) -> None:
    """Let nobody close or change the questionnaire before this answer is kept; what others have just changed is read.

    Raises NotOpenError where it has closed.
    """
    row = table(Activity).c.id
    db.session.execute(sa.select(row).where(row == survey.id).with_for_update(read=True))
    read = survey.definition_version
    db.session.refresh(survey, [column.key for column in sa.inspect(Survey).column_attrs])
    if survey.definition_version != read:
        db.session.expire_all()
        queries.survey(survey.id)
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
    if not rows_touched(row.on_conflict_do_nothing()):
        raise AlreadyAnsweredError


def _take_place(survey: Survey) -> None:
    """Count the submission, unless meanwhile there are as many as are wanted."""
    own = table(Survey)
    room = sa.or_(own.c.close_at.is_(None), own.c.submission_count < own.c.close_at)
    row = sa.update(own).where(own.c.id == survey.id, room).values(submission_count=own.c.submission_count + 1)
    if not rows_touched(row):
        raise NotOpenError(ENOUGH)
    db.session.expire(survey, ["submission_count"])


def _keep(survey: Survey, submission_id: str, rows: list[dict[str, Any]]) -> None:
    """Write the answers, the files among them, and count those that are bounded."""
    if rows:
        db.session.execute(sa.insert(table(Answer)), [{"submission_id": submission_id, **row} for row in rows])
    asked = {question.id: question for question in queries.questions(survey)}
    papers.keep(survey, submission_id, [row["text"] for row in rows
                                        if asked[row["question_id"]].kind is QuestionKind.FILE and row["text"]])
    for option_id in sorted(_bounded(row["option_id"] for row in rows if _is_choice(asked, row["question_id"]))):
        own = table(Quota)
        row = sa.update(own).where(own.c.option_id == option_id, own.c.taken < own.c.most)
        if not rows_touched(row.values(taken=own.c.taken + 1)):
            raise NotOpenError(_l("While you were answering we received as many answers as we need from people like "
                                  "you. Thank you: yours can no longer be taken."))


def _give_back(survey: Survey, submission: Submission) -> None:
    """Let what a submission holds be taken by others: its places in quotas, and its files."""
    asked = {question.id: question for question in queries.questions(survey)}
    papers.remove(submission.id)
    chosen = [answer.option_id for answer in submission.answers if _is_choice(asked, answer.question_id)]
    own = table(Quota)
    for option_id in sorted(_bounded(chosen)):
        db.session.execute(sa.update(own).where(own.c.option_id == option_id).values(taken=own.c.taken - 1))


def _is_choice(asked: Mapping[int, Question], question_id: int) -> bool:
    return question_id in asked and asked[question_id].kind in CHOICES


def _bounded(option_ids: Iterable[int]) -> Collection[int]:
    """Which of these options are taken only so many times."""
    wanted = {id for id in option_ids if id > 0}
    if not wanted:
        return []
    return set(db.session.scalars(sa.select(Quota.option_id).where(Quota.option_id.in_(wanted))))


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
