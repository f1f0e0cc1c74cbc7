"""What meetings hold of a person: the corrections they sent."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.meetings.models import MinutesCorrection


@personal_data(
    "minutes_corrections", position=36, title=_l("Corrections of minutes that you sent"),
    reason=_l("You sit at the table that met, or speak for an organisation that does."),
    kept=_l("With the minutes, which only those who sit at the table and the staff see; once you delete your account, "
            "without your name."),
    columns=(MinutesCorrection.written_by_id,))
def minutes_corrections(person: Person) -> Rows:
    """Each correction with what was answered."""
    rows = sa.select(MinutesCorrection).where(MinutesCorrection.written_by_id == person.id).options(
        joinedload(MinutesCorrection.organisation))
    return [{"text": one.text, "in_the_name_of": one.organisation.name if one.organisation else None,
             "sent_at": one.sent_at, "taken": one.taken, "answer": one.answer}
            for one in db.session.scalars(rows.order_by(MinutesCorrection.id))]


@erased_with
def forget_who_sent(event: PersonErased) -> None:
    """What was sent stays with the minutes, without saying by whom; what one sent for oneself alone goes."""
    own = sa.select(MinutesCorrection).where(MinutesCorrection.written_by_id == event.person_id)
    for one in db.session.scalars(own).all():
        one.written_by_id = None
        if one.organisation_id is None:
            one.text = ""
    db.session.flush()
