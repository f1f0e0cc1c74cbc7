"""What this feature holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.models import Follow
from consult.core.db import db
from consult.notices.models import Happening, NoticePace
from consult.notices.queries import commitments_among


@personal_data(
    "follows", position=34, title=_l("What you follow"), reason=_l("So that you hear what becomes of it."),
    kept=_l("Until you stop following it or delete your account."),
    columns=(Follow.person_id, NoticePace.person_id, Happening.person_id))
def follows(person: Person) -> Rows:
    """Each thing followed, and how often the person wants mail."""
    rows = sa.select(Follow).where(Follow.person_id == person.id).order_by(Follow.id).options(
        joinedload(Follow.process), joinedload(Follow.activity), joinedload(Follow.contribution))
    found = db.session.scalars(rows).all()
    promised = commitments_among(found)
    pace = db.session.get(NoticePace, person.id)
    told: Rows = [{"pace": pace.pace}] if pace else []
    return [*told, *({
        "process": one.process.title if one.process else None, "activity": one.activity.title if one.activity else None,
        "contribution": one.contribution.code if one.contribution else None,
        "commitment": promised[one.commitment_id].code if one.commitment_id else None, "since": one.since}
        for one in found)]


@erased_with
def forget_what_was_followed(event: PersonErased) -> None:
    """Nobody hears of anything any more."""
    for model in (Follow, NoticePace, Happening):
        db.session.execute(sa.delete(model).where(model.person_id == event.person_id))
