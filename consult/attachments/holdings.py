"""What attachments hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.attachments import services
from consult.attachments.models import Attachment
from consult.contributions.holdings import STAYS
from consult.core.db import db


@personal_data(
    "attachments", position=36, title=_l("Files you attached"), reason=_l("You wanted to show it to everybody."),
    kept=STAYS, columns=(Attachment.owner_id,))
def attachments(person: Person) -> Rows:
    """Each file with its name and address, from which it can be downloaded while the account is there."""
    rows = sa.select(Attachment).where(Attachment.owner_id == person.id).options(joinedload(Attachment.contribution))
    return [{"attached_to": one.contribution.code if one.contribution else None, "name": one.name,
             "type": one.mimetype, "bytes": one.size, "description": one.description,
             "address": f"/allegati/{one.token}", "sent_at": one.created_at}
            for one in db.session.scalars(rows.order_by(Attachment.id))]


@erased_with
def remove_loose_files_and_telling_names(event: PersonErased) -> None:
    """Files never sent in go; those that stay with their text lose their name, which may be that of the person."""
    for attachment in db.session.scalars(sa.select(Attachment).where(Attachment.owner_id == event.person_id)).all():
        if attachment.contribution_id is None:
            services.take_back(attachment, None)
        else:
            attachment.name = f"allegato-{attachment.id}.{attachment.form.lower()}"
    db.session.flush()
