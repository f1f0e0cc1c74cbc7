"""Following, noting what happens, and choosing how often to hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Follow
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched, table
from consult.core.statements import made_once
from consult.notices import queries
from consult.notices.models import Happening, HappeningKind, NoticePace, Pace
from consult.notices.queries import Followed


@dataclass(frozen=True, kw_only=True)
class ThingFollowed(events.Event):
    follow_of: str
    thing_id: int


@dataclass(frozen=True, kw_only=True)
class ThingUnfollowed(events.Event):
    follow_of: str
    thing_id: int


@dataclass(frozen=True, kw_only=True)
class PaceChosen(events.Event):
    pace: str


def follow(thing: Followed, person: Person, *, asked: bool = True) -> bool:
    """Have somebody hear of something from now on; answers whether that is new.

    `asked` says that the person did it, and not the site for them as they wrote it.
    """
    column = queries.column_of(thing).key
    row = insert(Follow).values(person_id=person.id, since=clock.now(), **{str(column): thing.id})
    if not rows_touched(row.on_conflict_do_nothing()):
        return False
    _begin(person.id)
    if asked:
        events.record(ThingFollowed(actor_id=person.id, follow_of=str(column), thing_id=thing.id))
    return True


def unfollow(thing: Followed, person: Person) -> bool:
    """Have somebody hear of something no more; answers whether they did."""
    column = queries.column_of(thing)
    gone = rows_touched(sa.delete(Follow).where(Follow.person_id == person.id, column == thing.id))
    if gone:
        events.record(ThingUnfollowed(actor_id=person.id, follow_of=str(column.key), thing_id=thing.id))
    return bool(gone)


def choose_pace(person: Person, pace: Pace) -> None:
    """Write to somebody at this pace from now on: of what happens from here, not of what they had not asked for."""
    kept = _pace(person.id)
    if kept.pace is pace:
        return
    if kept.pace is Pace.NEVER:
        kept.mailed_to, kept.mailed_at = queries.last(), clock.now()
    kept.pace = pace
    events.record(PaceChosen(actor_id=person.id, pace=pace.value))


def see_all(person: Person) -> None:
    """Note that somebody has seen on the site what has happened so far."""
    _pace(person.id).seen_to = queries.last()


def note(kind: HappeningKind, *, process_id: int | None = None,
         activity_id: int | None = None, contribution_id: int | None = None, commitment_id: int | None = None,
         person_id: int | None = None, subject_id: int | None = None, matter: str | None = None) -> None:
    """Write down that something happened: one row, however many follow."""
    if person_id is not None:
        _begin(person_id)
    note_all([{"kind": kind, "process_id": process_id, "activity_id": activity_id, "contribution_id": contribution_id,
               "commitment_id": commitment_id, "person_id": person_id, "subject_id": subject_id, "matter": matter}])


def note_all(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down several things that happened, in one go: rows with the same of the names that `note` takes."""
    db.session.flush()  # what they are about comes first
    db.session.execute(sa.insert(table(Happening)), list(rows))


def drop_asking(matter: str, since: datetime) -> None:
    """Nobody is asked any more to decide on something, as they were at an instant or later."""
    db.session.execute(sa.delete(Happening).where(
        Happening.kind == HappeningKind.PASSED_ON, Happening.matter == matter, Happening.at >= since))


def note_name(comment_id: int, person_id: int) -> None:
    """Write down that somebody was called by name in a comment: once, however often it is changed."""
    known = sa.select(Happening.id).where(Happening.person_id == person_id, Happening.subject_id == comment_id)
    if db.session.scalar(known) is None:
        note(HappeningKind.MENTIONED, person_id=person_id, subject_id=comment_id)


def _pace(person_id: int) -> NoticePace:
    _begin(person_id)
    return db.session.get_one(NoticePace, person_id)


def _begin(person_id: int) -> None:
    """Have a pace for somebody who hears of something for the first time: of what happens from here."""
    db.session.execute(_beginning(), {"person_id": person_id, "pace": Pace.DAILY, "seen_to": 0,
                                      "mailed_at": clock.now()})


@made_once
def _beginning() -> Any:
    last = sa.select(sa.func.coalesce(sa.func.max(Happening.id), 0)).scalar_subquery()
    return insert(table(NoticePace)).values(mailed_to=last).on_conflict_do_nothing()
