"""What follows from events recorded elsewhere, in the same transaction; and what the search finds of statements."""


import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import charts, clock, events, keys
from consult.core.db import db
from consult.opinions import bulk, maps, services, sheets
from consult.opinions.models import Conversation, Statement
from consult.opinions.services import StatementWritten
from consult.processes.services import ActivityClosed
from consult.search import services as search
from consult.verification.codes import CodeTied
from consult.verification.services import PersonVerified

charts.counted_by("conversation")(sheets.sheet)


search.search_in("statement", Statement, body="text")


@events.on(StatementWritten)
def keep_findable(event: StatementWritten) -> None:
    """A statement is found by its words."""
    search.renew([event.statement_id])


@events.on(PersonVerified, CodeTied)
def leave_one_voice_each(event: PersonVerified | CodeTied) -> None:
    """Who answered with a code or another account and ties it to theirs has one voice."""
    person = db.session.get_one(Person, event.person_id)
    if len(person.identities) < 2:
        return
    now = clock.now()
    for conversation in db.session.scalars(sa.select(Conversation).where(
            Conversation.opens_at <= now, Conversation.closes_at > now)).all():
        services.leave_one(conversation, person)


@events.on(ActivityClosed)
def settle(event: ActivityClosed) -> None:
    """The last map is made of all answers, and the key destroyed: from then on no answer leads to anybody, nor does
    the place where it is kept tell when it was given.

    A file is no part of the transaction, and need not be: if that fails, the conversation is over all the same.
    """
    conversation = db.session.get(Conversation, event.activity_id)
    if conversation is not None:
        maps.finish(conversation)
        bulk.put_in_order(conversation.id)
        keys.destroy(conversation.id)
