"""What the files of conversations hold of a person: who of the staff sent them. The answers in them are nobody's."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.importing.models import ConversationFile


@personal_data(
    "conversation_files", position=69, title=_l("Files of maps of opinions that you sent as one of the staff"),
    reason=_l("So that the same file is not taken twice, and mistakes can be undone."),
    kept=_l("As long as the map, but what stands in them only until it is taken, or for seven days; without your name "
            "once you delete your account."),
    columns=(ConversationFile.sent_by_id,))
def files_sent(person: Person) -> Rows:
    """Each file that the person sent."""
    rows = db.session.execute(sa.select(ConversationFile.name, ConversationFile.sent_at).where(
        ConversationFile.sent_by_id == person.id).order_by(ConversationFile.id))
    return [{"file": row.name, "sent_at": row.sent_at} for row in rows]
