"""What second readings hold of those who read and of those who decided."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.quality.models import SecondReading


@personal_data(
    "second_readings", position=63, title=_l("Decisions of other moderators that you read a second time"),
    reason=_l("So that we know how often two people decide the same."),
    kept=_l("As long as decisions on what people wrote must be accounted for; once you delete your account they "
            "lead to nobody."), columns=(SecondReading.reader_id, SecondReading.decider_id))
def second_readings(person: Person) -> Rows:
    """Each decision the person read, without whose it was."""
    rows = sa.select(SecondReading).where(SecondReading.reader_id == person.id).order_by(SecondReading.id)
    return [{"agrees": one.agrees, "at": one.read_at} for one in db.session.scalars(rows)]
