"""What organisations hold of those who speak for them."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.organisations.models import Description


@personal_data(
    "descriptions", position=5, title=_l("What you wrote of organisations"),
    reason=_l("A moderator reads what organisations say of themselves, and answers whoever wrote it."),
    kept=_l("It is the organisation's and stays with it; once you delete your account it leads to nobody."),
    columns=(Description.writer_id,))
def descriptions(person: Person) -> Rows:
    """Each description that the person wrote."""
    rows = db.session.scalars(sa.select(Description).where(Description.writer_id == person.id)
                              .options(joinedload(Description.organisation)).order_by(Description.id))
    return [{"organisation": one.organisation.name, "body": one.text, "state": one.standing,
             "sent_at": one.created_at} for one in rows]
