"""What is kept of words that were blacked out."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.redactions import services
from consult.redactions.models import Redaction


@personal_data(
    "redactions", position=37, title=_l("Passages of yours that were blacked out"),
    reason=_l("So that they can be read again if the decision was wrong."),
    kept=_l("Until you delete your account."))
def redactions(person: Person) -> Rows:
    """Each passage with what became of it."""
    rows = db.session.execute(
        sa.select(Contribution.code, Redaction).join(Redaction, Redaction.contribution_id == Contribution.id)
        .where(Contribution.author_id == person.id).order_by(Redaction.id))
    return [{"contribution": code, "body": one.words, "decided_at": one.decision.decided_at} for code, one in rows]


@erased_with
def forget(event: PersonErased) -> None:
    """The words go, and what copies of them said; what readers see stays as it is."""
    services.forget_words(sa.select(Contribution.id).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None)))
