"""What documents hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.publishing.models import MadeDocument


@personal_data(
    "documents_asked", position=63, title=_l("Documents that you had made"),
    reason=_l("So that it can be told how far they have come."), kept=_l("As long as the document."),
    columns=(MadeDocument.asked_by_id,))
def documents_asked(person: Person) -> Rows:
    """Each document."""
    rows = sa.select(MadeDocument).where(MadeDocument.asked_by_id == person.id).order_by(MadeDocument.id)
    return [{"kind": one.kind, "format": one.format, "language": one.language, "asked_at": one.asked_at,
             "file": one.file_name}
            for one in db.session.scalars(rows)]
