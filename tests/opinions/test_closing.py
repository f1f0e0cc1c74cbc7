"""Once a conversation is over the place where an answer is kept tells nothing of when it was given."""

import sqlalchemy as sa

from consult.core import clock, events
from consult.core.db import db
from consult.opinions import bulk, maps, services, voices
from consult.opinions.models import Opinion, Participant, Stance
from consult.processes.services import ActivityClosed


def kept(conversation, model, *columns):
    """Rows as the table holds them, from its beginning to its end, and in how many acts they were written."""
    own = model.__table__
    rows = sa.select(*(own.c[name] for name in columns)).where(own.c.conversation_id == conversation.id)
    if db.session.get_bind().dialect.name == "sqlite":
        return [tuple(row) for row in db.session.execute(rows)], 1
    acts = db.session.scalar(sa.select(sa.func.count(sa.distinct(sa.literal_column(f"{own.name}.xmin::text"))))
                             .select_from(own).where(own.c.conversation_id == conversation.id))
    return [tuple(row) for row in db.session.execute(rows.order_by(sa.literal_column(f"{own.name}.ctid")))], acts


def test_after_closing_rows_lie_in_the_order_of_tags_all_of_one_act(valley, places, make, monkeypatch):
    monkeypatch.setattr(bulk, "PEOPLE_AT_ONCE", 4)
    for _ in range(6):
        services.answer(valley.conversation, voices.of(make.person()), valley.statements[0], Stance.AGREE)
        db.session.commit()
    bulk.take_in(valley.conversation, valley.voices(9, places))
    db.session.commit()
    before = maps.gather(valley.conversation)
    valley.conversation.closes_at = clock.now()
    db.session.flush()
    events.record(ActivityClosed(actor_id=None, activity_id=valley.conversation.id))
    db.session.commit()
    people, acts = kept(valley.conversation, Participant, "tag")
    assert (len(people), people, acts) == (15, sorted(people), 1)
    said, acts = kept(valley.conversation, Opinion, "tag", "statement_id")
    assert (len(said), said, acts) == (6 + 9 * 8, sorted(said), 1)
    after = maps.gather(valley.conversation)
    assert (after.tags, after.municipalities, sorted(after.said.tolist())) == (
        before.tags, before.municipalities, sorted(before.said.tolist()))
