"""The tags of a percorso, who reads, and what was found in contributions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.processes.models import Process
from consult.sorting.corpus import lying_there
from consult.sorting.models import (
    DECIDED,
    READINGS,
    Look,
    LookedAt,
    LookState,
    Tag,
    TagChange,
    TagFound,
    TagReader,
    TagReading,
)

MOST_CHANGES = 200


def has_tags(process: Process) -> bool:
    """Whether a percorso has tags that are offered."""
    return db.session.scalar(sa.select(Tag.id).where(
        Tag.process_id == process.id, Tag.retired.is_(False), Tag.merged_into_id.is_(None)).limit(1)) is not None


def tags(process: Process) -> list[Tag]:
    """The tags of a percorso that are not part of others, each under its parent, by their codes."""
    found = db.session.scalars(sa.select(Tag).where(
        Tag.process_id == process.id, Tag.merged_into_id.is_(None)).order_by(Tag.code)).all()
    known = {tag.id for tag in found}
    below: dict[int | None, list[Tag]] = defaultdict(list)
    for tag in found:
        below[tag.parent_id if tag.parent_id in known else None].append(tag)
    return [each for tag in below[None] for each in (tag, *below[tag.id])]


def tag(process: Process, id: int) -> Tag | None:
    """A tag of a percorso that was not merged into another."""
    found = db.session.get(Tag, id)
    return found if found and found.process_id == process.id and found.merged_into_id is None else None


def merged(process: Process) -> Sequence[Tag]:
    """The tags that are part of others now, each with the one it is part of."""
    return db.session.scalars(sa.select(Tag).where(
        Tag.process_id == process.id, Tag.merged_into_id.is_not(None))
        .options(joinedload(Tag.merged_into)).order_by(Tag.id)).all()


def changes(process: Process) -> Sequence[TagChange]:
    """What was done to the tags of a percorso, the latest first."""
    return db.session.scalars(
        sa.select(TagChange).join(Tag, Tag.id == TagChange.tag_id).where(Tag.process_id == process.id)
        .options(joinedload(TagChange.tag), joinedload(TagChange.person))
        .order_by(TagChange.id.desc()).limit(MOST_CHANGES)).all()


def uses(process: Process) -> dict[int, int]:
    """By id of a tag: in how many contributions that lie there it counts."""
    rows = db.session.execute(
        sa.select(TagFound.tag_id, sa.func.count()).join(Contribution, Contribution.id == TagFound.contribution_id)
        .where(TagFound.seat == DECIDED, lying_there(process)).group_by(TagFound.tag_id))
    return {id: number for id, number in rows}  # noqa: C416 - a result has keys, which dict() would ask for


def readers(process: Process) -> dict[int, int | None]:
    """By seat: the id of the person who reads from it, None of one who has left."""
    rows = db.session.execute(sa.select(TagReader.seat, TagReader.person_id).where(
        TagReader.process_id == process.id).order_by(TagReader.seat))
    return {seat: id for seat, id in rows}  # noqa: C416 - as above


def seat_of(process: Process, person: Person) -> int:
    """From which seat somebody reads; 0 for one who has not read yet."""
    return db.session.scalar(sa.select(TagReader.seat).where(
        TagReader.process_id == process.id, TagReader.person_id == person.id)) or 0


def names(person_ids: Iterable[int | None]) -> dict[int, str]:
    """The shown names of some of the staff."""
    wanted = {id for id in person_ids if id is not None}
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person.shown_name for person in people}


@dataclass
class Read:
    """What was found in a contribution, from each seat from which it was read."""

    tags: dict[int, set[int]] = field(default_factory=dict)
    """By seat: the tags found from it, none where none fits. A seat from which it was not read is not there."""
    rows: dict[int, TagReading] = field(default_factory=dict)

    @property
    def seats(self) -> list[int]:
        """Those who read it."""
        return sorted(seat for seat in self.tags if seat != DECIDED)

    @property
    def full(self) -> bool:
        """True once as many have read it as are to read it."""
        return len(self.seats) >= READINGS

    @property
    def differing(self) -> bool:
        """True where its readers differ and nothing was decided."""
        return self.full and DECIDED not in self.tags

    def seen_by(self, seat: int) -> "Read":
        """The same as a reader may see it: what others found only once one has read it oneself or it is settled."""
        if self.full or DECIDED in self.tags:
            return self
        return Read({at: found for at, found in self.tags.items() if at == seat},
                    {at: row for at, row in self.rows.items() if at == seat})

    def version(self, seat: int) -> int:
        return self.rows[seat].version if seat in self.rows else 0


def found_in(ids: Iterable[int]) -> dict[int, Read]:
    """What was found in some contributions, those that nobody has read too: two queries."""
    known = {id: Read() for id in ids}
    if not known:
        return known
    for reading in db.session.scalars(sa.select(TagReading).where(TagReading.contribution_id.in_(known))
                                      .execution_options(populate_existing=True)):
        known[reading.contribution_id].rows[reading.seat] = reading
        known[reading.contribution_id].tags[reading.seat] = set()
    for id, seat, tag_id in db.session.execute(sa.select(
            TagFound.contribution_id, TagFound.seat, TagFound.tag_id).where(TagFound.contribution_id.in_(known))):
        known[id].tags[seat].add(tag_id)
    return known


def read_from(seat: int) -> sa.ColumnElement[bool]:
    """The condition that a contribution was read from a seat."""
    return sa.exists().where(TagReading.contribution_id == Contribution.id, TagReading.seat == seat)


def readings_of() -> sa.ScalarSelect[int]:
    """How many have read a contribution."""
    return sa.select(sa.func.count()).where(
        TagReading.contribution_id == Contribution.id, TagReading.seat != DECIDED).correlate(
        Contribution).scalar_subquery()


def to_be_decided() -> sa.ColumnElement[bool]:
    """The condition that the readers of a contribution differ and nothing was decided."""
    return sa.and_(readings_of() >= READINGS, ~read_from(DECIDED))


def decided_last(process: Process, how_many: int) -> Sequence[int]:
    """The ids of the contributions on which somebody decided last."""
    return db.session.scalars(
        sa.select(TagReading.contribution_id).join(Contribution, Contribution.id == TagReading.contribution_id)
        .where(TagReading.seat == DECIDED, TagReading.agreed.is_(False), lying_there(process))
        .order_by(TagReading.at.desc(), TagReading.contribution_id).limit(how_many)).all()


@dataclass(frozen=True)
class Progress:
    """How far the reading of a percorso is, in contributions."""

    contributions: int
    by_seat: dict[int, int]
    full: int
    counting: int

    @property
    def differing(self) -> int:
        """Read by both and found different, and not decided."""
        return self.full - self.counting


def progress(process: Process) -> Progress:
    """How many lie there, how many were read from each seat and by both, and of how many tags count: three queries."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(lying_there(process))) or 0
    by_seat = {seat: number for seat, number in db.session.execute(  # noqa: C416 - as above
        sa.select(TagReading.seat, sa.func.count()).join(Contribution, Contribution.id == TagReading.contribution_id)
        .where(lying_there(process)).group_by(TagReading.seat))}
    full = db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(
        lying_there(process), readings_of() >= READINGS)) or 0
    return Progress(total, {seat: number for seat, number in by_seat.items() if seat != DECIDED}, full,
                    by_seat.get(DECIDED, 0))


def look(process: Process) -> Look | None:
    """The latest look through the texts of a percorso that was finished soundly."""
    return db.session.scalar(sa.select(Look).where(
        Look.process_id == process.id, Look.state == LookState.READY).order_by(Look.id.desc()).limit(1))


def latest_look(process: Process) -> Look | None:
    """The look through the texts of a percorso that was asked for last, however far it is."""
    return db.session.scalar(sa.select(Look).where(Look.process_id == process.id)
                             .order_by(Look.id.desc()).limit(1))


def of_topic(look_id: int, topic: int) -> sa.ColumnElement[bool]:
    """The condition that a look found a contribution to speak of a topic."""
    return Contribution.id.in_(sa.select(LookedAt.contribution_id).where(
        LookedAt.look_id == look_id, LookedAt.topic == topic))
