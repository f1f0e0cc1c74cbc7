"""Whoever leaves takes along the invitations they sent, and those that were sent to them."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.accounts.services import AccountClosed
from consult.core import events
from consult.core.db import db
from consult.invitations import services


@events.on(AccountClosed)
def withdraw_what_they_sent(event: AccountClosed) -> None:
    """Make worthless what a closed account sent or was sent."""
    services.withdraw_all_of(event.person_id, actor=None)
    email = db.session.scalar(sa.select(Person.email).where(Person.id == event.person_id))
    if email:
        services.withdraw_all_to(email)
