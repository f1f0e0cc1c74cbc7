"""The list of all that lies on the desk: by what it is narrowed, in which order, and why in that one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Organisation
from consult.amendments.models import Amendment
from consult.contributions.models import Contribution
from consult.contributions.queries import with_text
from consult.core import paging
from consult.core.db import db, table
from consult.processes.models import Activity, Phase, Process
from consult.proposals.models import Proposal
from consult.results import queries as results
from consult.results.models import Outcome, Verdict
from consult.search import queries as search
from consult.sorting import queries
from consult.sorting.corpus import KINDS, columns_of, lying_there
from consult.sorting.models import DECIDED, READINGS, TagFound
from consult.sorting.queries import Read

SIZE = 20
AT_ONCE = 500
LATEST, FIRST, SUPPORTED = "ultimi", "primi", "sostenuti"
ORDERS: dict[str, tuple[paging.Order, ...]] = {
    LATEST: (paging.Order(Contribution.id, descending=True),),
    FIRST: (paging.Order(Contribution.id),),
    SUPPORTED: (paging.Order(Contribution.support_count, descending=True),
                paging.Order(Contribution.id, descending=True)),
}
"""The orders of the list by their names in the address; the first is the usual one."""
NO_OUTCOME = "nessuno"
TO_READ, MINE, UNTAGGED, DIFFERING = "da-leggere", "lette", "senza-etichette", "differenze"
STANDINGS = (TO_READ, MINE, UNTAGGED, DIFFERING)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What is asked for; what is empty does not narrow."""

    kind: str = ""
    phase_id: int | None = None
    activity_id: int | None = None
    municipality_id: int | None = None
    category_id: int | None = None
    axis_id: int | None = None
    outcome: str = ""
    tag_id: int | None = None
    standing: str = ""
    topic: tuple[int, int] | None = None
    """The look that found it, and its number."""
    words: tuple[str, ...] = ()
    """Beginnings of words, all of which stand in the text."""


@dataclass(frozen=True)
class Line:
    """A contribution on the desk with what is known of it."""

    contribution: Contribution
    outcome: Outcome | None
    read: Read


def beginnings(typed: str, language: str) -> tuple[str, ...]:
    """What somebody typed as beginnings of words: cut where their stems end, so that other forms are found too."""
    wanted = search.wanted(typed, language)
    letters = typed.casefold().split()
    found = []
    for word, stems in zip(wanted.words, wanted.groups, strict=True):
        typed_so = next((one for one in letters if len(one) == len(word) and one[:2] == word[:2]), word)
        found.append(typed_so[:max(3, min(map(len, stems)))])
    return tuple(found)


def conditions(process: Process, wanted: Filter, seat: int) -> list[sa.ColumnElement[bool]]:
    """What holds for the contributions asked for; `seat` is that of whoever looks, 0 for one who does not read."""
    found = [lying_there(process)]
    plain: Mapping[Any, Any] = {
        Contribution.kind: wanted.kind or None, Contribution.activity_id: wanted.activity_id,
        Contribution.municipality_id: wanted.municipality_id}
    found += [column == value for column, value in plain.items() if value is not None]
    if wanted.phase_id is not None:
        found.append(Contribution.activity_id.in_(sa.select(Activity.id).where(Activity.phase_id == wanted.phase_id)))
    if wanted.category_id is not None:
        found.append(Contribution.organisation_id.in_(
            sa.select(Organisation.id).where(Organisation.category_id == wanted.category_id)))
    if wanted.axis_id is not None:
        found.append(_of_axis(wanted.axis_id))
    if wanted.outcome:
        found.append(_with_outcome(wanted.outcome))
    if wanted.tag_id is not None:
        found.append(sa.exists().where(TagFound.contribution_id == Contribution.id, TagFound.seat == DECIDED,
                                       TagFound.tag_id == wanted.tag_id))
    if wanted.topic is not None:
        found.append(queries.of_topic(*wanted.topic))
    if wanted.standing:
        found.append(_STANDING[wanted.standing](seat))
    if wanted.words:
        found.append(_saying(wanted.words))
    return found


def _of_axis(axis_id: int) -> sa.ColumnElement[bool]:
    """Proposals on a theme, what is said in their threads, and what would change them."""
    own, said = table(Proposal), table(Contribution).alias()
    proposals = sa.select(own.c.id).where(own.c.axis_id == axis_id)
    threads = sa.select(said.c.thread_id).where(said.c.id.in_(proposals))
    changes = table(Amendment)
    return sa.or_(Contribution.thread_id.in_(threads),
                  Contribution.id.in_(sa.select(changes.c.id).where(changes.c.proposal_id.in_(proposals))))


def _with_outcome(outcome: str) -> sa.ColumnElement[bool]:
    own = table(Outcome)
    if outcome == NO_OUTCOME:
        return ~sa.exists().where(own.c.contribution_id == Contribution.id)
    return sa.exists().where(own.c.contribution_id == Contribution.id, own.c.verdict == Verdict(outcome))


_STANDING: dict[str, Callable[[int], sa.ColumnElement[bool]]] = {
    TO_READ: lambda seat: sa.and_(~queries.read_from(seat or -1), queries.readings_of() < READINGS),
    MINE: lambda seat: queries.read_from(seat or -1),
    UNTAGGED: lambda seat: ~sa.exists().where(TagFound.contribution_id == Contribution.id, TagFound.seat == DECIDED),
    DIFFERING: lambda seat: queries.to_be_decided(),
}


def _saying(words: Sequence[str]) -> sa.ColumnElement[bool]:
    """That each of some beginnings of words stands somewhere in the text."""
    kinds = []
    for kind in KINDS:
        own, columns = table(KINDS[kind]), columns_of(kind)
        kinds.append(Contribution.id.in_(sa.select(own.c.id).where(*(
            sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))))
    return sa.or_(*kinds)


def listed(process: Process, wanted: Filter, seat: int, order: str, after: str | None, *,
           size: int = SIZE) -> paging.Page:
    """A page of lines: five queries, however many there are."""
    page = paging.page(sa.select(Contribution.id).where(*conditions(process, wanted, seat)), ORDERS[order],
                       after=after, size=size)
    return paging.Page(lines(page.items, seat), page.next)


def lines(ids: Sequence[int], seat: int) -> list[Line]:
    """Some contributions in this order, each as whoever has a seat may see it."""
    outcomes, found = results.outcomes_for(ids), queries.found_in(ids)
    return [Line(one, outcomes.get(one.id), found[one.id].seen_by(seat)) for one in with_text(ids)]


def number(process: Process, wanted: Filter, seat: int) -> int:
    """How many there are of what is asked for."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(
        *conditions(process, wanted, seat))) or 0


def exported(process: Process, wanted: Filter, seat: int, order: str) -> Iterator[Line]:
    """All of them, whatever the pages."""
    ids = db.session.scalars(sa.select(Contribution.id).where(*conditions(process, wanted, seat)).order_by(*(
        key.column.desc() if key.descending else key.column for key in ORDERS[order]))).all()
    for start in range(0, len(ids), AT_ONCE):
        yield from lines(ids[start:start + AT_ONCE], seat)


def phases_with_activities(process: Process) -> Sequence[tuple[Phase, list[Activity]]]:
    """The phases of a percorso with their public activities."""
    found: dict[int, list[Activity]] = {phase.id: [] for phase in process.phases}
    for activity in results.activities(process):
        found[activity.phase_id].append(activity)
    return [(phase, found[phase.id]) for phase in process.phases]
