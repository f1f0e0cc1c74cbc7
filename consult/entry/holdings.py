"""What batches of sheets hold of a person: who of the staff made them and keyed what."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.entry.models import EntryBatch, EntrySheet


@personal_data(
    "sheets_keyed", position=66, title=_l("Paper surveys that you copied as one of the staff"),
    reason=_l("So that each sheet is keyed by two people, and mistakes can be undone."),
    kept=_l("As long as the survey; without your name once you delete your account."),
    columns=(EntryBatch.made_by_id, EntryBatch.undone_by_id, EntrySheet.first_by_id, EntrySheet.second_by_id))
def sheets_keyed(person: Person) -> Rows:
    """Each batch that the person made or worked on."""
    mine = sa.exists().where(EntrySheet.batch_id == EntryBatch.id,
                             sa.or_(EntrySheet.first_by_id == person.id, EntrySheet.second_by_id == person.id))
    rows = (sa.select(EntryBatch).options(joinedload(EntryBatch.survey)).order_by(EntryBatch.id)
            .where(sa.or_(EntryBatch.made_by_id == person.id, EntryBatch.undone_by_id == person.id, mine)))
    return [{"survey": one.survey.title, "channel": one.channel, "made_at": one.made_at, "note": one.note}
            for one in db.session.scalars(rows)]
