"""What somebody follows, and what has happened to it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import Person
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, Follow
from consult.core import paging
from consult.core.db import db, table
from consult.moderation import matters
from consult.moderation import queries as moderation
from consult.notices.models import Happening, HappeningKind, NoticePace
from consult.pact.models import Commitment
from consult.processes.models import Activity, Phase, Process
from consult.publishing.models import MadeDocument

Followed = Process | Activity | Contribution | Commitment
"""What can be followed."""
MANY = HappeningKind.STATEMENT
"""What comes in such numbers that all of it in one place is told as one."""
NEAREST = (HappeningKind.REPLIED, HappeningKind.MENTIONED)
OF_ITS_OWN = (HappeningKind.DOCUMENT, HappeningKind.CIRCULATED)
"""Kinds whose matter is nothing that lies before the moderators."""
OFFICE = "/ufficio"
"""Where whoever was asked or waited for something goes on, once that has no page of its own any more."""
IN_LETTERS = (HappeningKind.OUTCOME_PROPOSED, HappeningKind.OUTCOME_DECIDED, HappeningKind.ANSWERED)
"""What authors hear in a letter of its own, at once."""


def column_of(thing: Followed) -> sa.ColumnElement[Any]:
    """The column in which a thing of its kind is followed."""
    for kind, column in ((Process, Follow.process_id), (Activity, Follow.activity_id),
                         (Commitment, Follow.commitment_id)):
        if isinstance(thing, kind):
            return column.expression
    return Follow.contribution_id.expression


def following(person: Person, thing: Followed) -> sa.ColumnElement[bool]:
    """Holds if somebody follows something."""
    return sa.exists().where(Follow.person_id == person.id, column_of(thing) == thing.id)


def followed(person: Person, after: str | None = None) -> paging.Page:
    """What somebody follows, the latest first."""
    wanted = sa.select(Follow).where(Follow.person_id == person.id).options(
        joinedload(Follow.process), joinedload(Follow.activity).joinedload(Activity.phase).joinedload(Phase.process))
    found = paging.page(wanted, [paging.Order(Follow.id, descending=True)], after=after, size=50)
    whole = {one.id: one for one in contributions.with_text(
        follow.contribution_id for follow in found.items if follow.contribution_id)}
    for follow in found.items:
        if follow.contribution_id:
            set_committed_value(follow, "contribution", whole[follow.contribution_id])
    return found


def commitments_among(follows: Iterable[Follow]) -> dict[int, Commitment]:
    """The commitments of the pact that are followed, by their ids."""
    ids = [follow.commitment_id for follow in follows if follow.commitment_id]
    found = db.session.scalars(sa.select(Commitment).where(Commitment.id.in_(ids)).options(
        joinedload(Commitment.pact))) if ids else ()
    return {one.id: one for one in found}


def readable_among(follows: Iterable[Follow]) -> set[int]:
    """Which of the contributions that are followed everybody can read at the moment, by their ids."""
    ids = [follow.contribution_id for follow in follows if follow.contribution_id]
    return set(db.session.scalars(sa.select(Contribution.id).where(Contribution.id.in_(ids),
                                                                   contributions.in_the_open()))) if ids else set()


def pace_of(person: Person) -> NoticePace | None:
    """How often somebody wants mail, once they have followed something or said so."""
    return db.session.get(NoticePace, person.id)


def heard_by(person_id: Any) -> sa.ColumnElement[bool]:
    """What somebody hears of: it happened since they follow it or they were called, others did it, all can read it."""
    followed = _there(
        Follow.person_id == person_id, Follow.since <= Happening.at,
        sa.or_(Follow.process_id == Happening.process_id, Follow.activity_id == Happening.activity_id,
               Follow.contribution_id == Happening.contribution_id, Follow.commitment_id == Happening.commitment_id))
    hidden = _there(
        Contribution.id.in_([Happening.contribution_id, Happening.subject_id]), ~contributions.in_the_open())
    own = _there(Contribution.id == Happening.subject_id, Contribution.author_id == person_id)
    called = sa.and_(Happening.person_id.is_not(None), Happening.person_id == person_id)
    return sa.and_(sa.or_(called, sa.and_(followed, ~_closed_off())), ~hidden, ~own)


def _closed_off() -> sa.ColumnElement[bool]:
    """Holds for what happened in an activity or a percorso that only the staff can read now."""
    activity = table(Activity)
    return sa.or_(
        _there(Process.id == Happening.process_id, Process.published.is_(False)),
        _there(activity.c.id == Happening.activity_id, Phase.id == activity.c.phase_id,
               Process.id == Phase.process_id,
               sa.or_(activity.c.published.is_(False), Process.published.is_(False))))


def not_told_before(person_id: Any) -> sa.ColumnElement[bool]:
    """What nobody was written to of in a letter of its own: authors hear at once of what is answered to them."""
    return sa.not_(sa.and_(Happening.kind.in_(IN_LETTERS), _there(
        Contribution.id == Happening.contribution_id, Contribution.author_id == person_id)))


def _there(*which: sa.ColumnElement[bool]) -> sa.Exists:
    """Holds where there is such a row, for the happening and the reader that are asked about further out."""
    return sa.exists().where(*which).correlate(Happening, NoticePace)


def happenings(person: Person, after: str | None = None) -> paging.Page:
    """What somebody hears of, the latest first."""
    found = paging.page(_whole().where(heard_by(person.id)), [paging.Order(Happening.id, descending=True)], after=after)
    return paging.Page(with_texts(each_once(together(found.items))), found.next)


def since(person_id: int, after: int, upto: int, most: int) -> tuple[Sequence[Happening], int]:
    """What somebody heard of after one happening and up to another: the latest of it, and how much it is in all."""
    which = sa.and_(heard_by(person_id), not_told_before(person_id), Happening.id > after, Happening.id <= upto)
    single = _whole().where(which, Happening.kind != MANY).order_by(Happening.id.desc()).limit(most)
    rows = [*db.session.scalars(single), *_of_many(which, most)]
    how_many = db.session.scalar(sa.select(_number_of_things()).where(which)) or 0
    latest = sorted(rows, key=lambda row: row.id, reverse=True)[:most]
    return each_once(with_texts(latest)), how_many


def _of_many(which: sa.ColumnElement[bool], most: int) -> Iterator[Happening]:
    """The latest statement of each conversation, with how many there are."""
    latest = sa.func.max(Happening.id)
    counts = {row[0]: row[1] for row in db.session.execute(
        sa.select(latest, sa.func.count()).where(which, Happening.kind == MANY).group_by(Happening.activity_id)
        .order_by(latest.desc()).limit(most))}
    for row in db.session.scalars(_whole().where(Happening.id.in_(counts))) if counts else ():
        row.number = counts[row.id]
        yield row


def new_for(person: Person) -> int:
    """How much has happened that somebody has not seen on the site yet."""
    seen = sa.select(NoticePace.seen_to).where(NoticePace.person_id == person.id).scalar_subquery()
    new = sa.and_(heard_by(person.id), Happening.id > sa.func.coalesce(seen, 0))
    return db.session.scalar(sa.select(_number_of_things()).where(new)) or 0


def _number_of_things() -> sa.ColumnElement[int]:
    """A text that is heard of for two reasons is one, and so are all statements of a conversation."""
    one_by_one = sa.func.coalesce(Happening.subject_id, -2 * Happening.id)
    return sa.func.count(sa.distinct(sa.case((Happening.kind == MANY, -2 * Happening.activity_id - 1),
                                             else_=one_by_one)))


def last() -> int:
    """The latest happening of all."""
    return db.session.scalar(sa.select(sa.func.max(Happening.id))) or 0


def _whole() -> Any:
    return sa.select(Happening).options(
        joinedload(Happening.process), joinedload(Happening.commitment).joinedload(Commitment.pact),
        joinedload(Happening.activity).joinedload(Activity.phase).joinedload(Phase.process))


def each_once(rows: Iterable[Happening]) -> list[Happening]:
    """Of a text that one hears of for several reasons, only the nearest: a reply, then one's name, then the rest."""
    found = list(rows)
    nearest: dict[int, Happening] = {}
    for row in found:
        if row.subject_id is not None:
            nearest[row.subject_id] = min(nearest.get(row.subject_id, row), row, key=_nearness)
    return [row for row in found if row.subject_id is None or nearest[row.subject_id] is row]


def together(rows: Iterable[Happening]) -> list[Happening]:
    """Of statements of the same conversation only the first, which says how many there are."""
    told: list[Happening] = []
    first: dict[int | None, Happening] = {}
    for row in rows:
        if row.kind is MANY and row.activity_id in first:
            first[row.activity_id].number += 1
            continue
        if row.kind is MANY:
            row.number, first[row.activity_id] = 1, row
        told.append(row)
    return told


def _nearness(row: Happening) -> int:
    return NEAREST.index(row.kind) if row.kind in NEAREST else len(NEAREST)


def with_texts(rows: Iterable[Happening]) -> list[Happening]:
    """Happenings with the contributions that they are about, in one query."""
    found = list(rows)
    wanted = {id for row in found for id in (row.contribution_id, row.subject_id) if id}
    whole = {one.id: one for one in contributions.with_text(wanted)} if wanted else {}
    for row in found:
        set_committed_value(row, "contribution", whole.get(row.contribution_id or 0))
        set_committed_value(row, "subject", whole.get(row.subject_id or 0))
    before = matters.find({row.matter for row in found if row.matter and row.kind not in OF_ITS_OWN})
    for row in found:
        row.code = before[row.matter].code if row.matter in before else ""
    _lead_on([row for row in found if row.kind is HappeningKind.PASSED_ON], _still_passed_on)
    _lead_on([row for row in found if row.kind is HappeningKind.DOCUMENT], _still_kept)
    return found


def _lead_on(rows: Sequence[Happening], still: Callable[[set[str]], set[str]]) -> None:
    """Have those whose matter has no page any more lead to the office; one query if there are any."""
    there = still({row.matter for row in rows if row.matter}) if rows else set()
    for row in rows:
        if row.matter not in there:
            row.address = OFFICE


def _still_passed_on(subjects: set[str]) -> set[str]:
    return set(moderation.passed_on_by(subjects))


def _still_kept(subjects: set[str]) -> set[str]:
    ids = [int(subject.partition(":")[2]) for subject in subjects]
    kept = db.session.scalars(sa.select(MadeDocument.id).where(MadeDocument.id.in_(ids)))
    return {f"document:{id}" for id in kept}
