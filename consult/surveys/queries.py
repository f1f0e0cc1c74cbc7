"""What may be known of questionnaires: their questions, whether somebody has answered, and what was written."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Person
from consult.core import codes, keys, paging
from consult.core.db import db
from consult.processes import queries as processes
from consult.processes.models import Audience, Phase, Process
from consult.surveys import answers, paths
from consult.surveys.answers import Given
from consult.surveys.models import (
    Answer,
    AnsweredFile,
    Option,
    Question,
    Quota,
    Submission,
    Survey,
    SurveyParticipation,
    SurveySection,
)
from consult.verification.bearers import Bearer


def survey(id: int) -> Survey | None:
    """A questionnaire with its sections, questions, options and rows, in their order."""
    asked = selectinload(Survey.sections).selectinload(SurveySection.questions)
    return db.session.scalars(sa.select(Survey).where(Survey.id == id).options(
        joinedload(Survey.phase).joinedload(Phase.process).joinedload(Process.blackouts),
        asked.selectinload(Question.options), asked.selectinload(Question.rows))).unique().first()


def questions(survey: Survey) -> list[Question]:
    """All questions of a questionnaire, in the order in which they are asked."""
    return list(paths.in_order(survey))


def once_each(survey: Survey) -> bool:
    """True where each person answers once; where no account is needed nobody can tell."""
    return survey.audience is not Audience.ANYONE


def has_answered(survey: Survey, person: Person | Bearer) -> bool:
    """Whether a person took part in a questionnaire that each answers once, known by tags and not by answers."""
    if not once_each(survey):
        return not survey.anonymous and isinstance(person, Person) and _sent_by(survey, person)
    if not keys.exists(survey.id):
        return False
    return tagged(survey, [keys.tag(survey.id, identity) for identity in person.identities])


def _sent_by(survey: Survey, person: Person) -> bool:
    known = sa.select(Submission.id).where(Submission.survey_id == survey.id, Submission.person_id == person.id)
    return db.session.scalar(known.limit(1)) is not None


def tagged(survey: Survey, tags: Iterable[str] | None = None) -> bool:
    """Whether anybody, or somebody with one of these tags, took part."""
    known = sa.select(SurveyParticipation.survey_id).where(SurveyParticipation.survey_id == survey.id)
    if tags is not None:
        known = known.where(SurveyParticipation.tag.in_(tags))
    return db.session.scalar(known.limit(1)) is not None


RECEIPT = "receipt"
"""What the code of a submission is for."""


def by_receipt(survey: Survey, code: str, *, held: bool = False) -> Submission | None:
    """The submission with its answers for which a receipt's code was given; `held` keeps others from changing it."""
    plain = codes.plain(code)
    if not plain:
        return None
    wanted = sa.select(Submission).where(
        Submission.survey_id == survey.id, Submission.receipt_hash == codes.hashed(plain, RECEIPT))
    return _one(wanted, held=held)


def by_person(survey: Survey, person: Any, *, held: bool = False) -> Submission | None:
    """What somebody sent, where the questionnaire keeps the name; nothing leads there from an anonymous one."""
    if survey.anonymous or not isinstance(person, Person):
        return None
    return _one(sa.select(Submission).where(Submission.survey_id == survey.id, Submission.person_id == person.id),
                held=held)


def _one(wanted: sa.Select[Submission], *, held: bool) -> Submission | None:
    """The submission with its answers; `held` keeps others from changing it."""
    if held:
        wanted = wanted.with_for_update(of=Submission)
    return db.session.scalar(wanted.options(selectinload(Submission.answers)))


def given(survey: Survey, submission: Submission) -> dict[str, Given]:
    """The answers of a submission by the code of their question, as they were given."""
    kept: dict[int, list[Answer]] = {}
    for answer in submission.answers:
        kept.setdefault(answer.question_id, []).append(answer)
    places = {place.id: place.istat_code for place in processes.municipalities(survey.phase.process)}
    return {question.code: answers.read(question, kept[question.id], places)
            for question in questions(survey) if question.id in kept}


def full(survey: Survey) -> set[int]:
    """The options of which as many were chosen as are taken."""
    return set(db.session.scalars(
        sa.select(Quota.option_id).join(Option, Option.id == Quota.option_id)
        .join(Question, Question.id == Option.question_id)
        .where(Question.survey_id == survey.id, Quota.taken >= Quota.most)))


def file(token: str) -> AnsweredFile | None:
    """A file that was answered with."""
    return db.session.get(AnsweredFile, token[:32])


ELSEWHERE = 0
"""Stands for the municipality of whoever lives elsewhere or did not say."""

Places = Counter[int]
"""Counts by the id of the municipality."""


def submissions_by_place(survey: Survey) -> Places:
    """How many submissions came from each municipality."""
    place = sa.func.coalesce(Submission.municipality_id, ELSEWHERE)
    counts = Places()
    for where, number in db.session.execute(
            sa.select(place, sa.func.count()).where(Submission.survey_id == survey.id).group_by(place)):
        counts[where] = number
    return counts


def texts(question: Question, *, after: str | None = None, size: int = 50) -> paging.Page:
    """A page of what was written in answer to a question, or was meant by "other", in no order of time.

    Each comes with the id of its municipality.
    """
    wanted = (sa.select(Answer.text, Submission.municipality_id)
              .join(Submission, Submission.id == Answer.submission_id)
              .where(Answer.question_id == question.id, Answer.text.is_not(None)))
    return paging.page(cast("sa.Select[Any]", wanted), [paging.Order(Answer.submission_id)], after=after, size=size)
