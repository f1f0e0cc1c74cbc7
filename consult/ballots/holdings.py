"""What the files of papers hold of a person: who of the staff sent them. The papers in them are nobody's."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.ballots.models import PapersFile
from consult.core.db import db


@personal_data(
    "papers_files", position=68, title=_l("Files of ballot papers that you sent as one of the staff"),
    reason=_l("So that the same file is not taken twice, and mistakes can be undone."),
    kept=_l("As long as the ballot, but what stands in them only until it is taken, or for seven days; without your "
            "name once you delete your account."),
    columns=(PapersFile.sent_by_id,))
def files_sent(person: Person) -> Rows:
    """Each file that the person sent."""
    rows = (sa.select(PapersFile).options(joinedload(PapersFile.ballot)).order_by(PapersFile.id)
            .where(PapersFile.sent_by_id == person.id))
    return [{"ballot": one.ballot.title, "file": one.name, "sent_at": one.sent_at, "papers": one.taken}
            for one in db.session.scalars(rows)]
