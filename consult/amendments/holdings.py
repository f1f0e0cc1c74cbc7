"""What amendments hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.amendments.models import Amendment
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, State
from consult.core.db import db


@personal_data(
    "amendments", position=31, title=_l("Amendments you proposed"),
    reason=_l("You wanted a proposal to say it better."), kept=STAYS, columns=(Contribution.author_id,))
def amendments(person: Person) -> Rows:
    """Each amendment with its text and the answer."""
    rows = sa.select(Amendment).where(Contribution.author_id == person.id).options(joinedload(Amendment.organisation))
    return [{"code": one.code, "title": one.title, "body": one.body, "reason": one.reason, "state": one.state,
             "in_the_name_of": one.organisation.name if one.organisation else None, "supports": one.support_count,
             "answer": one.answer_reason, "answered_at": one.answered_at, "written_at": one.created_at,
             "published_at": one.published_at} for one in db.session.scalars(rows.order_by(Contribution.id))]


@personal_data(
    "amendments_answered", position=31, title=_l("Amendments you answered"),
    reason=_l("So that everybody knows why the authors accepted or declined."),
    kept=_l("Among the documents of the plan; once you delete your account, without your name."),
    columns=(Amendment.answered_by_id,))
def answered(person: Person) -> Rows:
    """Each answer, without the amendment's own text."""
    rows = sa.select(Amendment).where(Amendment.answered_by_id == person.id).order_by(Contribution.id)
    return [{"contribution": one.code, "answer": one.answer_reason, "answered_at": one.answered_at}
            for one in db.session.scalars(rows)]


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """Of an amendment that was taken back, now or before, only the code stays, under which others may have cited it."""
    gone = sa.select(Amendment).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.state == State.WITHDRAWN)
    for amendment in db.session.scalars(gone).all():
        amendment.title, amendment.body, amendment.reason, amendment.body_html = amendment.code, "", "", ""
    db.session.flush()
