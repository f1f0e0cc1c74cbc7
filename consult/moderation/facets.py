"""How much awaits a moderator, by all that the queue can be narrowed by, counted in one go."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Flag, FlagReason, State
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.core.statements import among, made_once
from consult.moderation import queue
from consult.moderation.models import Aside, Origin
from consult.moderation.queue import TARGETS
from consult.moderation.wanting import Wanted
from consult.processes.models import Activity, Phase, Process
from consult.reasons import queries as reasons

FLAGGED = -1
"""The part of the counting in which flags stand by their reason."""


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Things that wait and differ in nothing by which the queue can be narrowed, and how many they are."""

    origin: Origin
    source: str
    kind: str
    activity_id: int | None
    channel: str
    late: bool
    aside: bool
    passed_on: bool
    number: int


@dataclass(frozen=True)
class Place:
    """An activity in which something waits, and its percorso."""

    id: int
    title: Localized
    process_id: int
    process_title: Localized
    rules: int
    """The version of the percorso's own rules; 0 where those of the site hold."""


@dataclass(frozen=True)
class Target:
    """Within which time something is decided, how much waits for it, and how much of that is late."""

    origin: Origin
    within: timedelta
    waiting: int
    late: int

    @property
    def share(self) -> float:
        return self.late / self.waiting if self.waiting else 0.0


class Facets:
    """What waits for somebody, to be counted by this and that."""

    def __init__(self, heaps: Sequence[Heap], places: Sequence[Place], reasons: dict[FlagReason, int]) -> None:
        self._all, self.places, self.reasons = heaps, places, reasons
        self._process = {place.id: place.process_id for place in places}
        self._open = [heap for heap in heaps if not heap.aside]

    @cached_property
    def rules(self) -> dict[int, int]:
        """The versions of the rules of the percorsi in which something waits, of those that have their own."""
        return {place.process_id: place.rules for place in self.places if place.rules}

    @cached_property
    def total(self) -> int:
        return _sum(self._open)

    def by(self, key: Callable[[Heap], Any]) -> dict[Any, int]:
        """How many there are of each, of those that are not laid aside."""
        found: Counter[Any] = Counter()
        for heap in self._open:
            found[key(heap)] += heap.number
        return dict(found)

    @cached_property
    def kinds(self) -> dict[tuple[str, str], int]:
        return self.by(lambda heap: (heap.source, heap.kind))

    @cached_property
    def origins(self) -> dict[Origin, int]:
        return self.by(lambda heap: heap.origin)

    @cached_property
    def activities(self) -> dict[int | None, int]:
        return self.by(lambda heap: heap.activity_id)

    @cached_property
    def processes(self) -> dict[int | None, int]:
        return self.by(lambda heap: self._process.get(heap.activity_id or 0))

    @cached_property
    def channels(self) -> dict[str, int]:
        return self.by(lambda heap: heap.channel)

    @cached_property
    def late(self) -> int:
        return _sum(heap for heap in self._open if heap.late)

    @cached_property
    def aside(self) -> int:
        return _sum(heap for heap in self._all if heap.aside)

    @cached_property
    def passed_on(self) -> int:
        return _sum(heap for heap in self._open if heap.passed_on)

    @cached_property
    def targets(self) -> list[Target]:
        """For each reason to wait for which something does, its time and what is late."""
        late = self.by(lambda heap: (heap.origin, heap.late))
        return [Target(origin, TARGETS[origin], number, late.get((origin, True), 0))
                for origin, number in sorted(self.origins.items(), key=lambda item: TARGETS[item[0]])]

    def matching(self, wanted: Wanted) -> int:
        """How many are wanted, whatever they were reported for."""
        return _sum(heap for heap in self._all if heap.aside == wanted.aside and self._wanted(heap, wanted))

    def _wanted(self, heap: Heap, wanted: Wanted) -> bool:
        asked = ((wanted.kind, heap.kind), (wanted.origin, heap.origin), (wanted.channel, heap.channel),
                 (wanted.activity_id, heap.activity_id), (wanted.late, heap.late),
                 (wanted.passed_on, heap.passed_on),
                 (wanted.process_id, self._process.get(heap.activity_id or 0)))
        return all(not want or want == has for want, has in asked)


def _sum(heaps: Iterable[Heap]) -> int:
    return sum(heap.number for heap in heaps)


def facets(person: Person) -> Facets:
    """All that awaits this moderator, counted; two queries, however much it is."""
    parts, question = _asking(queue.scope(person), db.session.get_bind().dialect.name)
    heaps, reasons = [], Counter[FlagReason]()
    for row in db.session.execute(question, queue.given(person)).all():
        if row.part == FLAGGED:
            reasons[FlagReason(row.kind)] += row.number
            continue
        origin, source, _part = parts[row.part]
        heaps.append(Heap(
            origin=origin, source=source, kind=row.kind, activity_id=row.activity_id, channel=row.channel or "",
            late=bool(row.late), aside=bool(row.aside), passed_on=bool(row.passed_on), number=row.number))
    return Facets(heaps, _places({heap.activity_id for heap in heaps if heap.activity_id}), reasons)


@lru_cache(maxsize=32)
def _asking(processes: queue.Scope, _dialect: str) -> tuple[queue.Parts, Any]:
    """The parts of the queue, and the question how much there is of each, made once."""
    parts = queue.parts_for(processes, Wanted(aside=None))
    waiting = [(origin, source, part.cte(f"part_{at}")) for at, (origin, source, part) in enumerate(parts)]
    each = sa.union_all(*(_each(at, *one) for at, one in enumerate(waiting))).subquery()
    heaps = sa.select(*each.c, sa.func.count().label("number")).group_by(*each.c)  # one sorting for all parts
    return parts, sa.union_all(heaps, _reasons(processes), *_other_reasons(waiting)).execution_options(prepared=True)


def _each(at: int, origin: Origin, source: str, rows: sa.CTE) -> sa.Select[Any]:
    subject = sa.literal(f"{source}:", sa.String) + sa.cast(rows.c.number, sa.String)
    return sa.select(
        sa.literal(at).label("part"), rows.c.kind, rows.c.activity_id, rows.c.channel,
        _one_if(rows.c.since < queue.overdue_since(origin)).label("late"),
        _one_if(Aside.until > queue.NOW).label("aside"), _one_if(Aside.passed_on_at.is_not(None)).label("passed_on"),
    ).select_from(rows).outerjoin(Aside, Aside.subject == subject)


def _one_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)


def _places(ids: set[int]) -> list[Place]:
    if not ids:
        return []
    rows = db.session.execute(_placed(), {"ids": list(ids)}).all()
    for _id, _title, process_id, _of_process, number, rules in rows:
        if number:
            reasons.note(process_id, number, rules)
    return [Place(id, title, process_id, of_process, number or 0)
            for id, title, process_id, of_process, number, _rules in rows]


@made_once
def _placed() -> sa.Select[Any]:
    own, activity = reasons.newest(), table(Activity)
    return (sa.select(activity.c.id, activity.c.title, Process.id, Process.title, own.c.number, own.c.rules)
            .join(Phase, activity.c.phase_id == Phase.id).join(Process, Phase.process_id == Process.id)
            .outerjoin(own, own.c.process_id == Process.id)
            .where(among(activity.c.id, "ids")).order_by(Process.id, activity.c.id))


def _other_reasons(waiting: Iterable[tuple[Origin, str, sa.CTE]]) -> Iterator[sa.Select[Any]]:
    """The same as `_reasons` for what is reported and no contribution."""
    for origin, source, rows in waiting:
        if source != "contribution" and origin in (Origin.GRAVE, Origin.FLAGGED):
            yield _counted_reasons(sa.func.count()).select_from(rows).join(
                Flag, queue.flagged(rows.c.number, source)).where(Flag.decided_at.is_(None))


def _counted_reasons(number: sa.ColumnElement[int]) -> sa.Select[Any]:
    reason = sa.cast(Flag.reason, sa.String(24))
    columns: list[sa.ColumnElement[Any]] = [
        sa.literal(FLAGGED), reason, sa.null(), sa.null(), sa.literal(0), sa.literal(0), sa.literal(0), number]
    return sa.select(*columns).group_by(reason)


def _reasons(processes: queue.Scope) -> sa.Select[Any]:
    """For how many public things that nobody decided yet readers gave each reason, in the columns of a part."""
    asked = (_counted_reasons(sa.func.count(sa.distinct(Flag.contribution_id)))
             .join(Contribution, Contribution.id == Flag.contribution_id)
             .where(Flag.decided_at.is_(None), Contribution.state == State.PUBLISHED))
    if processes is None:
        return asked
    return asked.where(Contribution.activity_id.in_(
        sa.select(Activity.id).join(Phase, Activity.phase_id == Phase.id).where(Phase.process_id.in_(processes))))
