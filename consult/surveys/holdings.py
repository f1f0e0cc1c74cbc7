"""What questionnaires hold of a person: answers only where the questionnaire is not anonymous."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core import keys
from consult.core.db import db
from consult.surveys import queries
from consult.surveys.models import Option, Question, Submission, Survey


@personal_data(
    "answers", position=41, title=_l("Your answers to surveys that are not anonymous"),
    reason=_l("The survey said that answers are kept with who gave them."),
    kept=_l("When you delete your account the answers stay in the totals, without you."),
    columns=(Submission.person_id,))
def answers(person: Person) -> Rows:
    """Each answer that is kept under the person's name."""
    sent = db.session.scalars(sa.select(Submission).where(Submission.person_id == person.id)
                              .options(selectinload(Submission.answers)).order_by(Submission.survey_id)).all()
    given = [answer for submission in sent for answer in submission.answers]
    titles = {id: survey.title for id, survey in _by_id(Survey, {submission.survey_id for submission in sent}).items()}
    asked = _by_id(Question, {answer.question_id for answer in given})
    offered = _by_id(Option, {answer.option_id for answer in given})
    return [{
        "survey": titles[submission.survey_id], "question": asked[answer.question_id].prompt,
        "answer": offered[answer.option_id].label if answer.option_id in offered
        else answer.text if answer.text is not None else answer.number,
        "answered_at": submission.submitted_at}
        for submission in sent for answer in submission.answers]


@personal_data(
    "surveys", position=42, title=_l("Anonymous surveys that you answered"),
    reason=_l("So that each answers once. That you took part is known by a code made with a key which is destroyed "
              "when the survey closes; what you answered cannot be found, not even for you."),
    kept=_l("Until the survey closes."))
def surveys(person: Person) -> Rows:
    """Each survey in which the person can still be recognised as having taken part."""
    return [{"survey": survey.title} for survey in _recognised(person)]


def _recognised(person: Person) -> Iterator[Survey]:
    rows = sa.select(Survey).where(Survey.anonymous.is_(True)).options(joinedload(Survey.phase)).order_by(Survey.id)
    for survey in db.session.scalars(rows):
        if keys.exists(survey.id) and queries.has_answered(survey, person):
            yield survey


def _by_id(model: Any, ids: set[int]) -> dict[int, Any]:
    return {one.id: one for one in db.session.scalars(sa.select(model).where(model.id.in_(ids)))}


@erased_with
def part_answers_from_whoever_gave_them(event: PersonErased) -> None:
    """The answers stay in the totals: nobody's."""
    db.session.execute(sa.update(Submission).where(Submission.person_id == event.person_id)
                       .values(person_id=None, submitted_at=None).execution_options(synchronize_session="fetch"))
