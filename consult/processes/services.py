"""Counting who does what, by phase and municipality; and saying when activities open and close."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched
from consult.processes.models import Activity, ParticipationCount, PhaseParticipant


@dataclass(frozen=True, kw_only=True)
class ActivityOpened(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class ActivityClosed(events.Event):
    activity_id: int


def count(activity: Activity, kind: str, municipality_id: int | None, by: int = 1) -> None:
    """Move the public count of a kind of act (`proposal`, `comment`, `support`, `paper`, `submission`)."""
    _move(activity.phase_id, activity.id, kind, municipality_id, by)


def takes_part(activity: Activity, person: Person) -> None:
    """Count a person once per phase. Never called for a vote or an anonymous answer."""
    row = insert(PhaseParticipant).values(phase_id=activity.phase_id, person_id=person.id)
    if rows_touched(row.on_conflict_do_nothing()):
        _move(activity.phase_id, 0, "person", person.municipality_id, 1)


def _move(phase_id: int, activity_id: int, kind: str, municipality_id: int | None, by: int) -> None:
    row = insert(ParticipationCount).values(
        phase_id=phase_id, activity_id=activity_id, kind=kind, municipality_id=municipality_id or 0, count=by)
    db.session.execute(row.on_conflict_do_update(
        index_elements=["phase_id", "activity_id", "kind", "municipality_id"],
        set_={"count": ParticipationCount.count + by}))


def announce_passages(now: datetime | None = None) -> int:
    """Record the opening and closing of activities whose time has come; answers how many passages there were.

    Permission never waits for this: it is what mails, freezing and the register hang on.
    """
    now = now or clock.now()
    opening = sa.select(Activity).where(Activity.opens_at <= now, Activity.opened_event_at.is_(None))
    closing = sa.select(Activity).where(Activity.closes_at <= now, Activity.closed_event_at.is_(None))
    passages = 0
    for activity in db.session.scalars(opening.with_for_update(of=Activity.__table__)).all():
        activity.opened_event_at = now
        events.record(ActivityOpened(actor_id=None, activity_id=activity.id))
        passages += 1
    for activity in db.session.scalars(closing.with_for_update(of=Activity.__table__)).all():
        activity.closed_event_at = now
        events.record(ActivityClosed(actor_id=None, activity_id=activity.id))
        passages += 1
    return passages
