"""What governance holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.governance.models import BodyMember


@personal_data(
    "bodies", position=8, title=_l("Bodies on which you sit"),
    reason=_l("Everybody can know who decides, answers and vouches."),
    kept=_l("Until you no longer sit on it, or delete your account."), columns=(BodyMember.person_id,))
def bodies(person: Person) -> Rows:
    """Each seat."""
    seats = sa.select(BodyMember).where(BodyMember.person_id == person.id).options(joinedload(BodyMember.body))
    return [{"body": seat.body.name, "title": seat.title, "since": seat.since, "until": seat.until}
            for seat in db.session.scalars(seats.order_by(BodyMember.id))]


@erased_with
def leave_bodies(event: PersonErased) -> None:
    """Whoever has left sits on nothing."""
    db.session.execute(sa.delete(BodyMember).where(BodyMember.person_id == event.person_id))
