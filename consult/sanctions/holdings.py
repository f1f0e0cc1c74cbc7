"""What suspensions hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.sanctions.models import Suspension


@personal_data(
    "suspensions", position=38, title=_l("Suspensions of your account"),
    reason=_l("Whoever is suspended is told why and until when; one that nobody confirmed did not happen."),
    kept=_l("The words until you delete your account; that there was a suspension stays, and leads to nobody."),
    columns=(Suspension.person_id,))
def suspensions(person: Person) -> Rows:
    """Each suspension of the person that began."""
    rows = db.session.scalars(sa.select(Suspension).where(
        Suspension.person_id == person.id, Suspension.ends_at.is_not(None)).order_by(Suspension.id))
    return [{"reason": row.reason, "note": row.note, "since": row.settled_at, "until": row.ends_at,
             "ended_at": row.lifted_at} for row in rows]


@personal_data(
    "suspensions_decided", position=62, title=_l("Suspensions you proposed or answered"),
    reason=_l("Beyond seven days two people decide: who they were is kept with it."),
    kept=_l("As long as decisions on what people wrote must be accounted for; once you delete your account they "
            "lead to nobody."),
    columns=(Suspension.proposer_id, Suspension.confirmer_id))
def decided(person: Person) -> Rows:
    """Each one, without whom it was about."""
    rows = db.session.scalars(sa.select(Suspension).where(sa.or_(
        Suspension.proposer_id == person.id, Suspension.confirmer_id == person.id)).order_by(Suspension.id))
    return [{"reason": row.reason, "proposed_on": row.proposed_at, "answered_at": row.settled_at,
             "until": row.ends_at, "note": row.dismissal} for row in rows]


@erased_with
def forget_the_words(event: PersonErased) -> None:
    """What was said about somebody goes with them; what waits for a second person waits no longer."""
    db.session.execute(sa.delete(Suspension).where(
        Suspension.person_id == event.person_id, Suspension.settled_at.is_(None)))
    db.session.execute(sa.update(Suspension).where(Suspension.person_id == event.person_id)
                       .values(note="", dismissal=""))
