"""Keeping which tags readers found in contributions, and what was decided where they differ."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock, events
from consult.core import db as database
from consult.core.db import db, insert, table
from consult.processes.models import Process
from consult.sorting import queries
from consult.sorting.corpus import lying_there
from consult.sorting.models import DECIDED, Tag, TagFound, TagReader, TagReading
from consult.sorting.queries import Read

Found = Mapping[int, Collection[int]]
"""By contribution: the ids of the tags found in it, none where none fits."""


class StaleReadingError(Exception):
    """Some contributions were read, decided or changed meanwhile; nothing was written."""

    def __init__(self, known: Mapping[int, Read]) -> None:
        super().__init__(len(known))
        self.known = known


@dataclass(frozen=True, kw_only=True)
class ContributionsTagged(events.Event):
    """Somebody read contributions and said which tags they found. How many, never which."""

    process_id: int
    seat: int
    how_many: int


@dataclass(frozen=True, kw_only=True)
class TagsDecided(events.Event):
    """Somebody decided which tags count where the readers differ."""

    process_id: int
    how_many: int


def alone(process: Process) -> None:
    """Have others who tag in a percorso wait: what two readers found is compared as it is saved."""
    database.alone(f"tags of percorso {process.id}")


def stamp(read: Read, seat: int, text_version: int) -> str:
    """Changes with the text and with what was found from a seat: tells whether somebody saw it as it is."""
    return f"{read.version(seat)}.{text_version}"


def save(process: Process, person: Person, found: Found, seen: Mapping[int, str]) -> int:
    """Keep what a reader found in some contributions: all of it, or none on failure. Answers how many were kept.

    What two have read stays as each read it. Raises StaleReadingError with those that are no longer as they were seen
    or that two others have read.
    """
    alone(process)
    seat = _seat(process, person)
    wanted = _resolved(process, found)
    versions, known = _versions(process, wanted), queries.found_in(wanted)
    stale = {id: known[id] for id, tags in wanted.items() if known[id].tags.get(seat) != tags and (
        id not in versions or known[id].full or stamp(known[id], seat, versions[id]) != seen.get(id))}
    if stale:
        raise StaleReadingError(stale)
    new = {id: tags for id, tags in wanted.items() if known[id].tags.get(seat) != tags}
    _write(seat, new, versions)
    if new:
        settle(new)
        events.record(ContributionsTagged(actor_id=person.id, process_id=process.id, seat=seat, how_many=len(new)))
    return len(new)


def decide(process: Process, person: Person, found: Found, seen: Mapping[int, str]) -> int:
    """Keep which tags count of contributions on which the readers differ. Answers how many were decided.

    Raises StaleReadingError with those that were decided by somebody else meanwhile or have no differences.
    """
    alone(process)
    wanted = _resolved(process, found)
    versions, known = _versions(process, wanted), queries.found_in(wanted)
    new = {id: tags for id, tags in wanted.items() if known[id].tags.get(DECIDED) != tags}
    stale = {id: known[id] for id in new if id not in versions or not known[id].full
             or (DECIDED in known[id].rows and known[id].rows[DECIDED].agreed)
             or stamp(known[id], DECIDED, versions[id]) != seen.get(id)}
    if stale:
        raise StaleReadingError(stale)
    _write(DECIDED, new, versions, decided_by_id=person.id)
    if new:
        events.record(TagsDecided(actor_id=person.id, process_id=process.id, how_many=len(new)))
    return len(new)


def settle(ids: Iterable[int]) -> None:
    """Let what both readers of some contributions found alike count, where nothing counts yet."""
    known = queries.found_in(ids)
    alike: dict[int, set[int]] = {}
    for id, read in known.items():
        first, *others = (read.tags[seat] for seat in read.seats) if read.differing else (set(),)
        if read.differing and all(tags == first for tags in others):
            alike[id] = first
    _write(DECIDED, alike, {id: max(known[id].rows[seat].text_version for seat in known[id].seats) for id in alike},
           agreed=True)


def _seat(process: Process, person: Person) -> int:
    """The seat of a reader; whoever reads for the first time gets the next one."""
    seat = queries.seat_of(process, person)
    if not seat:
        seat = max(queries.readers(process), default=0) + 1
        db.session.execute(sa.insert(table(TagReader)).values(
            process_id=process.id, seat=seat, person_id=person.id))
    return seat


def _versions(process: Process, ids: Iterable[int]) -> dict[int, int]:
    """The versions of the texts of contributions; those that do not lie there are left out."""
    rows = db.session.execute(sa.select(Contribution.id, Contribution.version).where(
        lying_there(process), Contribution.id.in_(list(ids))))
    return {id: version for id, version in rows}  # noqa: C416 - a result has keys, which dict() would ask for


def _resolved(process: Process, found: Found) -> dict[int, set[int]]:
    """The same with tags that were merged meanwhile as those they are part of, and without those not there."""
    now = {id: into or id for id, into in db.session.execute(
        sa.select(Tag.id, Tag.merged_into_id).where(Tag.process_id == process.id))}
    return {key: {now[id] for id in tags if id in now} for key, tags in found.items()}


def _write(seat: int, found: Found, versions: Mapping[int, int], *, agreed: bool = False,
           decided_by_id: int | None = None) -> None:
    """Put what was found from a seat in the place of what was found before: three statements at most."""
    if not found:
        return
    own, tags = table(TagReading), table(TagFound)
    values = {"agreed": agreed, "decided_by_id": decided_by_id, "at": clock.now()}
    row = insert(TagReading).values([
        {"contribution_id": id, "seat": seat, "text_version": versions[id], "version": 1, **values} for id in found])
    db.session.execute(row.on_conflict_do_update(index_elements=["contribution_id", "seat"], set_={
        "version": own.c.version + 1, "text_version": row.excluded.text_version, **values}))
    db.session.execute(sa.delete(tags).where(tags.c.seat == seat, tags.c.contribution_id.in_(list(found))))
    rows = [{"contribution_id": id, "seat": seat, "tag_id": tag} for id, ids in found.items() for tag in sorted(ids)]
    if rows:
        db.session.execute(sa.insert(tags), rows)
