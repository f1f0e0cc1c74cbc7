"""What moderation holds of a person; never who decided on what they wrote."""

from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.moderation.models import Claim, Decision, SavedView

_ACCOUNTED = _l("As long as decisions on what people wrote must be accounted for; once you delete your account they "
                "lead to nobody.")


@personal_data(
    "decisions", position=36, title=_l("What moderators decided on what you wrote"),
    reason=_l("Whoever wrote a text is told what was decided on it, and why."), kept=_ACCOUNTED)
def decisions(person: Person) -> Rows:
    """Each decision on a text of the person."""
    return _told(Contribution.author_id == person.id)


@personal_data(
    "decisions_taken", position=60, title=_l("What you decided as a moderator"),
    reason=_l("Decisions on what people wrote must be accounted for."), kept=_ACCOUNTED,
    columns=(Decision.moderator_id,))
def decisions_taken(person: Person) -> Rows:
    """Each decision by the person, without the text it was about."""
    return _told(Decision.moderator_id == person.id)


@personal_data(
    "claims", position=61, title=_l("What you had in hand as a moderator"),
    reason=_l("So that two moderators never decide on the same thing at once."), kept=_ACCOUNTED,
    columns=(Claim.person_id,))
def claims(person: Person) -> Rows:
    """Each thing the person took in hand."""
    rows = sa.select(Claim).where(Claim.person_id == person.id).order_by(Claim.id)
    return [{"subject": claim.subject, "since": claim.taken_at, "ended_at": claim.ended_at}
            for claim in db.session.scalars(rows)]


@personal_data(
    "saved_views", position=62, title=_l("The views of the queue you keep as a moderator"),
    reason=_l("So that you find again what you look at often."),
    kept=_l("Until you drop them or delete your account."), columns=(SavedView.person_id,))
def saved_views(person: Person) -> Rows:
    """Each view under its name."""
    rows = sa.select(SavedView).where(SavedView.person_id == person.id).order_by(SavedView.id)
    return [{"name": view.name, "asked": urlencode(view.asked), "since": view.created_at}
            for view in db.session.scalars(rows)]


@erased_with
def forget(event: PersonErased) -> None:
    """Views lead to nothing once nobody looks."""
    db.session.execute(sa.delete(SavedView).where(SavedView.person_id == event.person_id))


def _told(which: sa.ColumnElement[bool]) -> Rows:
    rows = (sa.select(Contribution.code, Decision).join(Decision, Decision.contribution_id == Contribution.id)
            .where(which).order_by(Decision.id))
    return [{"contribution": code, "decision": one.act, "reason": one.reason, "note": one.note,
             "decided_at": one.decided_at} for code, one in db.session.execute(rows)]
