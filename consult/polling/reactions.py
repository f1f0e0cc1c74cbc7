"""What follows from events recorded elsewhere, in the same transaction."""

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.processes.services import ActivityClosed
from consult.voting.reserving import Reservation


@events.on(ActivityClosed)
def forget_who_was_ticked(event: ActivityClosed) -> None:
    """Once nobody can vote any more, who voted on paper is no longer told apart: how many is in the minutes."""
    db.session.execute(sa.delete(Reservation).where(Reservation.ballot_id == event.activity_id))
