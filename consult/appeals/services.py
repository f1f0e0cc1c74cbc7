"""Asking for a review."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.appeals.models import Appeal
from consult.appeals.queries import Appealable
from consult.core import events
from consult.core.db import StaleVersionError, db, insert, rows_touched


@dataclass(frozen=True, kw_only=True)
class ReviewAsked(events.Event):
    """Whoever wrote a text, or reported it, wants another decision."""

    decision_id: int


def ask(thing: Appealable, person: Person, *, words: str) -> Appeal:
    """Ask for another decision, in one's own words. Raises StaleVersionError where somebody else has asked."""
    decision = thing.decision
    row = insert(Appeal).values(
        decision_id=decision.id, decider_id=decision.moderator_id, process_id=decision.process_id,
        person_id=person.id, of_author=not thing.reported_by(person), words=words)
    if thing.appeal is not None or not rows_touched(row.on_conflict_do_nothing()):
        raise StaleVersionError(decision.id)
    db.session.flush()
    events.record(ReviewAsked(actor_id=person.id, decision_id=decision.id))
    return db.session.scalars(sa.select(Appeal).where(
        Appeal.decision_id == decision.id, Appeal.answered_at.is_(None))).one()
