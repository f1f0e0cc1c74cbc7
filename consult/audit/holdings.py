"""What the register of everything holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.audit.models import AuditEntry
from consult.core.db import db


@personal_data(
    "register", position=70, title=_l("What you did, in the register of the site"),
    reason=_l("So that it can be proved that everything went correctly. It holds no text, and never how you voted."),
    kept=_l("As long as that must be proved; once you delete your account it leads to nobody."))
def register(person: Person) -> Rows:
    """Each event that the person caused."""
    rows = sa.select(AuditEntry).where(AuditEntry.actor_id == person.id).order_by(AuditEntry.id)
    return [{"event": entry.event, "at": entry.at} for entry in db.session.scalars(rows)]
