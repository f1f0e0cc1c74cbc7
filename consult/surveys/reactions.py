"""What follows when a questionnaire closes."""

import sqlalchemy as sa

from consult.core import events, keys
from consult.core.db import db
from consult.processes.services import ActivityClosed
from consult.surveys.models import Survey


@events.on(ActivityClosed)
def forget_who_took_part(event: ActivityClosed) -> None:
    """Nobody needs to be recognised any more: without its key no tag of an anonymous survey leads to a person.

    A file is no part of the transaction, and need not be: if that fails, the survey is over all the same.
    """
    anonymous = db.session.scalar(sa.select(Survey.anonymous).where(Survey.id == event.activity_id))
    if anonymous:
        keys.destroy(event.activity_id)
