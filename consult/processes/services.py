"""Counting who does what, by phase and municipality; the timetable, and saying when activities open and close."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events, jobs
from consult.core.db import db, hold, insert, rows_touched, table
from consult.core.refusing import FieldError
from consult.core.statements import made_once
from consult.processes.models import Activity, ParticipationCount, Phase, PhaseParticipant, Process

log = logging.getLogger("consult.processes")

Begun = TypeVar("Begun", bound=Activity)


@dataclass(frozen=True, kw_only=True)
class ActivityOpened(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class ActivityClosed(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class ActivityChanged(events.Event):
    """`changed` names the columns."""

    activity_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ActivityExtended(events.Event):
    """The closing was put off; instants in ISO 8601."""

    activity_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ActivitySuspended(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class ActivityResumed(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class PhaseChanged(events.Event):
    """`changed` names the columns."""

    phase_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProcessChanged(events.Event):
    """`changed` names the columns."""

    process_id: int
    changed: tuple[str, ...]


class TimetableError(FieldError):
    """Times that cannot be: `field` is the one to put right, `sentence` says how."""


class UnreadyError(FieldError):
    """A change for which something is missing: `field` is the one to leave for now, `sentence` says what to do."""


def count(activity: Activity, kind: str, municipality_id: int | None, by: int = 1) -> None:
    """Move the public count of a kind of act (`proposal`, `comment`, `support`, `paper`, `submission`)."""
    _move(activity.phase_id, activity.id, kind, municipality_id, by)


def takes_part(activity: Activity, person: Person) -> None:
    """Count a person once per phase. Never called for a vote or an anonymous answer."""
    if rows_touched(_taking_part(), phase_id=activity.phase_id, person_id=person.id):
        _move(activity.phase_id, 0, "person", person.municipality_id, 1)


def count_with_author(activity: Activity, kind: str, municipality_id: int | None, person: Person) -> None:
    """Count an act and, once per phase, the person who did it. Never called for a vote or an anonymous answer."""
    moves = [_moved(activity.phase_id, activity.id, kind, municipality_id, 1)]
    if rows_touched(_taking_part(), phase_id=activity.phase_id, person_id=person.id):
        moves.append(_moved(activity.phase_id, 0, "person", person.municipality_id, 1))
    db.session.execute(_moving(), moves)


def took_part(phase_id: int, people: Any) -> None:
    """Count those of a select of people who had not taken part in a phase before."""
    theirs = sa.select(PhaseParticipant.person_id).where(PhaseParticipant.phase_id == phase_id)
    new = db.session.execute(sa.select(Person.id, Person.municipality_id).where(
        Person.id.in_(sa.select(people.subquery().c[0])), Person.id.not_in(theirs))).all()
    if new:
        db.session.execute(insert(table(PhaseParticipant)), [
            {"phase_id": phase_id, "person_id": person_id} for person_id, _place in new])
    for place, number in Counter(place for _person_id, place in new).items():
        _move(phase_id, 0, "person", place, number)


def took_no_part(phase_id: int, people: sa.Select[int]) -> None:
    """Count these people no longer: what made them take part in a phase was taken back."""
    own = table(PhaseParticipant)
    gone = list(db.session.scalars(sa.delete(own).where(
        own.c.phase_id == phase_id, own.c.person_id.in_(people)).returning(own.c.person_id)))
    places = sa.select(Person.municipality_id, sa.func.count()).where(Person.id.in_(gone)).group_by(
        Person.municipality_id)
    for place, number in db.session.execute(places).all():
        _move(phase_id, 0, "person", place, -number)


@made_once
def _taking_part() -> Any:
    return insert(table(PhaseParticipant)).on_conflict_do_nothing()


def _move(phase_id: int, activity_id: int, kind: str, municipality_id: int | None, by: int) -> None:
    db.session.execute(_moving(), _moved(phase_id, activity_id, kind, municipality_id, by))


def _moved(phase_id: int, activity_id: int, kind: str, municipality_id: int | None, by: int) -> dict[str, Any]:
    return {"phase_id": phase_id, "activity_id": activity_id, "kind": kind, "municipality_id": municipality_id or 0,
            "count": by}


@made_once
def _moving() -> Any:
    own = table(ParticipationCount)
    row = insert(own)
    return row.on_conflict_do_update(index_elements=list(own.primary_key),
                                     set_={"count": own.c.count + row.excluded.count})


def check_times(phase: Phase, opens_at: datetime, closes_at: datetime, activity: Activity | None = None) -> None:
    """Raise TimetableError where an activity of a phase could not open and close at these instants.

    An activity lies within its phase. One that has opened keeps its opening; its closing is never moved into the
    past, and once it has closed nothing moves: what it answered is frozen.
    """
    now = clock.now()
    if activity is not None and activity.over(now) and closes_at != activity.closes_at:
        raise TimetableError("closes_at", _l("It has closed and its results stand: the closing cannot move."))
    if activity is not None and activity.opens_at <= now and opens_at != activity.opens_at:
        raise TimetableError("opens_at", _l("It has opened already: the opening can no longer move."))
    if closes_at <= opens_at:
        raise TimetableError("closes_at", _l("The closing must come after the opening."))
    if opens_at < phase.starts_at:
        raise TimetableError("opens_at", _l("The phase has not begun by then: choose a later opening."))
    if closes_at > phase.ends_at:
        raise TimetableError("closes_at", _l("The phase is over by then: choose an earlier closing."))
    if closes_at <= now and (activity is None or closes_at != activity.closes_at):
        raise TimetableError("closes_at", _l("This moment has passed: choose a closing in the future."))


def begin(kind: type[Begun], phase: Phase, *, opens_at: datetime, closes_at: datetime, **values: Any) -> Begun:
    """Add an activity of a kind to a phase, open between these instants; raises TimetableError where it cannot be."""
    check_times(phase, opens_at, closes_at)
    activity = kind(phase=phase, opens_at=opens_at, closes_at=closes_at, **values)
    db.session.add(activity)
    db.session.flush()
    return activity


def change_activity(activity: Activity, actor: Person, *, seen: int, **values: Any) -> None:
    """Set columns of an activity, times included.

    Raises StaleVersionError where the version seen is no longer the one saved, TimetableError where the times cannot
    be; nothing is changed then. Equal values change nothing.
    """
    hold(activity, seen)
    opens_at, closes_at = values.get("opens_at", activity.opens_at), values.get("closes_at", activity.closes_at)
    if (opens_at, closes_at) != (activity.opens_at, activity.closes_at):
        check_times(activity.phase, opens_at, closes_at, activity)
    changed = _set(activity, values)
    if changed:
        events.record(ActivityChanged(actor_id=actor.id, activity_id=activity.id, changed=changed))


def extend(activity: Activity, actor: Person, *, seen: int, closes_at: datetime, notice: str) -> None:
    """Put off the closing, with a sentence for everyone. Raises as `change_activity`, and for an earlier closing."""
    hold(activity, seen)
    before = activity.closes_at
    if closes_at <= before:
        raise TimetableError("closes_at", _l("To prolong it choose a closing after the present one."))
    check_times(activity.phase, activity.opens_at, closes_at, activity)
    _set(activity, {"closes_at": closes_at, "notice": notice})
    events.record(ActivityExtended(actor_id=actor.id, activity_id=activity.id, before=before.isoformat(),
                                   after=closes_at.isoformat()))


def suspend(activity: Activity, actor: Person, *, seen: int, reason: str) -> None:
    """Take nothing more for now, and say why. Raises StaleVersionError where somebody changed the activity."""
    hold(activity, seen)
    _set(activity, {"suspended_reason": reason})
    events.record(ActivitySuspended(actor_id=actor.id, activity_id=activity.id))


def resume(activity: Activity, actor: Person) -> None:
    """Take contributions again; of an activity that is not suspended nothing changes."""
    if _set(activity, {"suspended_reason": ""}):
        events.record(ActivityResumed(actor_id=actor.id, activity_id=activity.id))


def change_process(process: Process, actor: Person, *, seen: int, **values: Any) -> None:
    """Set columns of a percorso. Raises StaleVersionError where the version seen is no longer the one saved."""
    hold(process, seen)
    changed = _set(process, values)
    if changed:
        events.record(ProcessChanged(actor_id=actor.id, process_id=process.id, changed=changed))


Fixing = Callable[[Phase], LazyString | None]
_fixings: list[Fixing] = []


def fixed_by(fixing: Fixing) -> Fixing:
    """Let a feature above say why the days of a phase no longer move, if they do not."""
    if fixing not in _fixings:
        _fixings.append(fixing)
    return fixing


def change_phase(phase: Phase, actor: Person, *, seen: int, **values: Any) -> None:
    """Set columns of a phase, times included.

    Raises StaleVersionError where the version seen is no longer the one saved, TimetableError where the times would
    overlap another phase or leave an activity outside; nothing is changed then.
    """
    hold(phase, seen)
    starts_at, ends_at = values.get("starts_at", phase.starts_at), values.get("ends_at", phase.ends_at)
    if (starts_at, ends_at) != (phase.starts_at, phase.ends_at):
        for fixing in _fixings:
            if sentence := fixing(phase):
                raise TimetableError("ends_at", sentence)
    _check_phase(phase, starts_at, ends_at)
    changed = _set(phase, values)
    if changed:
        events.record(PhaseChanged(actor_id=actor.id, phase_id=phase.id, changed=changed))


def _check_phase(phase: Phase, starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise TimetableError("ends_at", _l("The end must come after the beginning."))
    for other in phase.process.phases:
        if other.position < phase.position and other.ends_at > starts_at:
            raise TimetableError("starts_at", _l("The phase before is not over by then: choose a later beginning."))
        if other.position > phase.position and other.starts_at < ends_at:
            raise TimetableError("ends_at", _l("The next phase has begun by then: choose an earlier end."))
    within = sa.select(Activity.id).where(Activity.phase_id == phase.id).limit(1)
    if starts_at > phase.starts_at and db.session.scalar(within.where(Activity.opens_at < starts_at)):
        raise TimetableError("starts_at", _l("An activity opens before that: choose an earlier beginning."))
    if ends_at < phase.ends_at and db.session.scalar(within.where(Activity.closes_at > ends_at)):
        raise TimetableError("ends_at", _l("An activity closes after that: choose a later end."))


def _set(thing: Activity | Phase | Process, values: dict[str, Any]) -> tuple[str, ...]:
    """Set what differs, and count the version up if anything does; answers the names."""
    changed = tuple(sorted(name for name, value in values.items() if getattr(thing, name) != value))
    for name in changed:
        setattr(thing, name, values[name])
    if changed:
        thing.version += 1
        db.session.flush()
    return changed


@jobs.every_minute
def announce_passages(now: datetime | None = None) -> int:
    """Record the opening and closing of activities whose time has come; answers how many passages there were.

    Permission never waits for this: it is what mails, freezing and the register hang on. Where what follows from
    one passage fails, that one is tried again at the next call and the others are kept.
    """
    now = now or clock.now()
    opening = sa.select(Activity).where(Activity.opens_at <= now, Activity.opened_event_at.is_(None))
    closing = sa.select(Activity).where(Activity.closes_at <= now, Activity.closed_event_at.is_(None))
    passages = 0
    for activity in _held(opening):
        passages += _announce(activity, "opened_event_at", now, ActivityOpened)
    for activity in _held(closing):
        passages += _announce(activity, "closed_event_at", now, ActivityClosed)
    return passages


def _held(wanted: sa.Select[Activity]) -> Sequence[Activity]:
    return db.session.scalars(wanted.order_by(Activity.id).with_for_update(of=Activity.__table__)).all()


def _announce(activity: Activity, mark: str, now: datetime, event: type[ActivityOpened | ActivityClosed]) -> bool:
    try:
        with db.session.begin_nested():
            setattr(activity, mark, now)
            events.record(event(actor_id=None, activity_id=activity.id))
    except Exception:  # whatever a reaction raises: one activity must not keep the others from closing
        log.exception("the passage of activity %s could not be recorded", activity.id)
        return False
    return True
