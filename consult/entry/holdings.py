"""What batches of answers hold of a person: who of the staff made them, keyed what, and sent which files."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.entry.models import EntryBatch, EntryFile, EntrySheet


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


@personal_data(
    "entry_files", position=67, title=_l("Files of answers that you sent as one of the staff"),
    reason=_l("So that the same file is not taken twice, and mistakes can be undone."),
    kept=_l("As long as the survey, but what stands in them only until it is taken, or for seven days; without your "
            "name once you delete your account."),
    columns=(EntryFile.sent_by_id,))
def files_sent(person: Person) -> Rows:
    """Each file that the person sent."""
    rows = (sa.select(EntryFile).options(joinedload(EntryFile.survey)).order_by(EntryFile.id)
            .where(EntryFile.sent_by_id == person.id))
    return [{"survey": one.survey.title, "file": one.name, "sent_at": one.sent_at, "batch": one.batch_id}
            for one in db.session.scalars(rows)]
