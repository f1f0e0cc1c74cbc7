"""What the tests of sources share."""

import sqlalchemy as sa

from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.moderation import queue, services
from consult.moderation.acts import Order
from tests.factories import WHY


def decide(matter, moderator, act, reason="spam", note=WHY):
    return services.decide(matter, moderator, Order(act=act, reason=reason, note=note), seen=services.mark(matter))


def waiting(moderator):
    return [(row.matter.subject, row.origin) for row in queue.queue(moderator).items]


def mails(to):
    return db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.recipient == to.email)
                              .order_by(OutboxMessage.id)).all()
