"""Everything of a percorso that is owed an outcome, in one list: what was said, what is proposed, what was decided."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Organisation, Role, RoleGrant
from consult.core import clock, paging
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.core.outbox import MessageState, OutboxMessage
from consult.core.paging import Order
from consult.processes.models import Activity, Axis, Process
from consult.results import owed
from consult.results.models import Verdict
from consult.results.owed import outcome, said
from consult.territory.models import Municipality

PAGE = 50
_activity, _axis, _town, _group = table(Activity), table(Axis), table(Municipality), table(Organisation)


class Standing(enum.Enum):
    """How far an answer is."""

    NONE = "nessuno"
    REVIEW = "in-esame"
    PROPOSED = "proposto"
    DECIDED = "deciso"


_UNDECIDED = sa.and_(outcome.c.id.is_not(None), outcome.c.decided_on.is_(None))
STANDINGS: dict[Standing, sa.ColumnElement[bool]] = {
    Standing.NONE: outcome.c.id.is_(None),
    Standing.REVIEW: sa.and_(_UNDECIDED, outcome.c.verdict == Verdict.UNDER_REVIEW),
    Standing.PROPOSED: sa.and_(_UNDECIDED, outcome.c.verdict != Verdict.UNDER_REVIEW),
    Standing.DECIDED: outcome.c.decided_on.is_not(None),
}


class Sorting(enum.Enum):
    """In which order the rows stand."""

    SUPPORTED = "sostegni"
    DISCUSSED = "commenti"
    WAITING = "attesa"


ORDERS: dict[Sorting, tuple[Order, ...]] = {
    Sorting.SUPPORTED: (Order(said.c.support_count, descending=True), Order(said.c.id, descending=True)),
    Sorting.DISCUSSED: (Order(said.c.comment_count, descending=True), Order(said.c.id, descending=True)),
    Sorting.WAITING: (Order(said.c.created_at), Order(said.c.id)),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of it is asked for; what is empty asks for all."""

    kind: str = ""
    phase_id: int | None = None
    activity_id: int | None = None
    axis_id: int | None = None
    municipality_id: int | None = None
    standing: Standing | None = None
    unanswered: bool = False
    """Without an outcome, or with one that only says that it will follow."""
    public: bool = False
    """Only of activities that everybody can see."""
    text: str = ""
    sorting: Sorting = Sorting.SUPPORTED


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something that is owed an outcome, with all that is known of its answer. Never a person's name."""

    id: int
    kind: str
    code: str
    title: str
    language: str
    supports: int
    comments: int
    created_at: datetime
    author_id: int
    axis: Localized | None
    activity: Localized
    organisation: str | None
    municipality: str | None
    outcome_id: int | None
    version: int
    verdict: Verdict | None
    proposed: Verdict | None
    proposed_on: date | None
    by_steering: bool
    reasons: str
    decided_by: str
    act: str
    decided_on: date | None
    letter: MessageState | None = None
    """What became of the letter to its author that tells this outcome; None where there is none, or no longer."""
    told_at: datetime | None = None

    @property
    def decided(self) -> bool:
        return self.decided_on is not None

    @property
    def decision(self) -> str:
        return ", ".join(part for part in (self.decided_by, self.act) if part)

    @property
    def days(self) -> int:
        """For how many days it has been there."""
        return (clock.now() - self.created_at).days


def page(process: Process, wanted: Wanted, *, after: str | None = None, size: int = PAGE) -> paging.Page:
    """A page of what is owed an outcome, with what became of the letters: four queries."""
    found = paging.page(_wanted(process, wanted), ORDERS[wanted.sorting], after=after, size=size)
    return paging.Page(_with_letters(_rows(found.items)), found.next)


def every(process: Process, wanted: Wanted) -> list[Row]:
    """All of it, in the order of the codes, for a file."""
    return _rows(db.session.execute(_wanted(process, wanted).order_by(said.c.id)).all())


def chosen(process: Process, ids: Iterable[int]) -> list[Row]:
    """Those of these that are owed an outcome in this percorso, in the order of the codes."""
    rows = db.session.execute(_wanted(process, Wanted()).where(said.c.id.in_(list(ids))).order_by(said.c.id))
    return _rows(rows.all())


@dataclass(frozen=True)
class Facets:
    """By what the rows can be narrowed, and how many there are of each."""

    standings: dict[Standing, int]
    kinds: dict[str, int]
    activities: list[tuple[int, int, Localized, int]]
    """Activity, its phase, its title, and how many."""
    towns: list[tuple[int, str, int]]


def facets(process: Process) -> Facets:
    """What there is to be narrowed by, counted: three queries."""
    standing = sa.case(*((condition, name.value) for name, condition in STANDINGS.items()))
    each = (sa.select(standing.label("standing"), said.c.kind, said.c.activity_id, said.c.municipality_id)
            .select_from(owed.with_kinds()).where(owed.owed_in(process)).subquery())
    rows: Sequence[Any] = db.session.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c)).all()
    standings, kinds, activities, towns = dict.fromkeys(Standing, 0), Counter[str](), Counter[int](), Counter[int]()
    for name, kind, activity, town, number in rows:
        standings[Standing(name)] += number
        for counter, key in ((kinds, kind), (activities, activity), (towns, town)):
            counter[key] += number
    of_activities = db.session.execute(sa.select(_activity.c.id, _activity.c.phase_id, _activity.c.title)
                                       .where(_activity.c.id.in_(list(activities))).order_by(_activity.c.id))
    of_towns = db.session.execute(sa.select(_town.c.id, _town.c.name).where(_town.c.id.in_(list(towns)))
                                  .order_by(_town.c.name))
    return Facets(standings, dict(kinds), [(*row, activities[row.id]) for row in of_activities],
                  [(*row, towns[row.id]) for row in of_towns])


def _wanted(process: Process, wanted: Wanted) -> sa.Select[Any]:
    steering = sa.exists().where(RoleGrant.person_id == outcome.c.proposed_by_id, RoleGrant.role == Role.STEERING)
    return (
        sa.select(said.c.id, said.c.kind, said.c.code, owed.title().label("title"), said.c.language,
                  said.c.support_count, said.c.comment_count, said.c.created_at, said.c.author_id,
                  owed.axis_id().label("axis_id"), said.c.activity_id, _group.c.name.label("organisation"),
                  _town.c.name.label("municipality"), outcome.c.id.label("outcome_id"), outcome.c.version,
                  outcome.c.verdict, outcome.c.proposed, outcome.c.proposed_on, steering.label("by_steering"),
                  outcome.c.reasons, outcome.c.decided_by, outcome.c.act, outcome.c.decided_on)
        .select_from(owed.with_kinds().join(_activity, _activity.c.id == said.c.activity_id)
                     .outerjoin(_town, _town.c.id == said.c.municipality_id)
                     .outerjoin(_group, _group.c.id == said.c.organisation_id))
        .where(owed.owed_in(process), *_narrowed(wanted)))


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    tests: list[tuple[Any, sa.ColumnElement[bool]]] = [
        (wanted.kind, said.c.kind == wanted.kind),
        (wanted.phase_id, _activity.c.phase_id == wanted.phase_id),
        (wanted.activity_id, _activity.c.id == wanted.activity_id),
        (wanted.axis_id, owed.axis_id() == wanted.axis_id),
        (wanted.municipality_id, said.c.municipality_id == wanted.municipality_id),
        (wanted.public, _activity.c.published),
        (wanted.unanswered, sa.or_(STANDINGS[Standing.NONE], STANDINGS[Standing.REVIEW])),
        (wanted.text, sa.or_(said.c.code == wanted.text.upper()[:24],
                             owed.title().icontains(wanted.text, autoescape=True))),
    ]
    if wanted.standing is not None:
        tests.append((True, STANDINGS[wanted.standing]))
    return [condition for asked, condition in tests if asked]


def _rows(found: Sequence[Sequence[Any]]) -> list[Row]:
    axes = _titles(_axis, {values[9] for values in found})
    activities = _titles(_activity, {values[10] for values in found})
    return [_row(values, axes, activities) for values in found]


def _titles(of: sa.Table, ids: set[int | None]) -> dict[int | None, Localized]:
    """What these are called; asked apart, as a page of rows is told apart by what can be compared."""
    rows = db.session.execute(sa.select(of.c.id, of.c.title).where(of.c.id.in_([id for id in ids if id is not None])))
    return {row.id: row.title for row in rows}


def _row(values: Sequence[Any], axes: Mapping[int | None, Localized], activities: Mapping[int | None, Localized]
         ) -> Row:
    (id, kind, code, title, language, supports, comments, created_at, author_id, axis_id, activity_id, organisation,
     municipality, outcome_id, version, verdict, proposed, proposed_on, by_steering, reasons, decided_by, act,
     decided_on) = values[:23]
    return Row(
        id=id, kind=kind, code=code, title=owed.called(kind, title), language=language, supports=supports,
        comments=comments, created_at=created_at, author_id=author_id, axis=axes.get(axis_id),
        activity=activities[activity_id], organisation=organisation, municipality=municipality, outcome_id=outcome_id,
        version=version or 0, verdict=verdict, proposed=proposed, proposed_on=proposed_on,
        by_steering=bool(by_steering), reasons=reasons or "", decided_by=decided_by or "", act=act or "",
        decided_on=decided_on)


def _with_letters(rows: list[Row]) -> list[Row]:
    keys = {f"outcome-{row.outcome_id}-{row.version}-{row.author_id}": row.id for row in rows if row.outcome_id}
    own = table(OutboxMessage)
    letters = {keys[key]: (state, at) for key, state, at in db.session.execute(
        sa.select(own.c.key, own.c.state, own.c.sent_at).where(own.c.key.in_(list(keys))))} if keys else {}
    return [replace(row, letter=letters[row.id][0], told_at=letters[row.id][1]) if row.id in letters else row
            for row in rows]
