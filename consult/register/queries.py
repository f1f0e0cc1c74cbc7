"""The decisions that touched what people can read, without any column that leads to a person or to a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.appeals.models import Appeal
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.paging import Order, Page, page
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.queue import TARGETS
from consult.processes.models import Activity, Phase, Process
from consult.reasons import queries as rules

TOUCHING = (Act.APPROVE, Act.KEEP, Act.HIDE, Act.RESTORE, Act.REVISE, Act.REDACT, Act.UNCOVER, Act.MOVE,
            Act.DUPLICATE, Act.SPLIT, Act.LOCK, Act.UNLOCK)
"""Acts of which readers notice something; all others are between the moderators, or about an account."""
PAGE = 50
PORTION = 500
MONTHS = 12

Titles = tuple[dict[int, Localized], dict[int, Localized]]


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What of the register is looked at: all of it, unless something is said."""

    process: str = ""
    month: date | None = None
    act: Act | None = None
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the register."""

    decided_at: datetime
    source: str
    kind: str
    act: Act
    reason: str
    rule_version: str
    origin: Origin
    waiting_since: datetime | None
    process: Localized | None
    phase: Localized | None
    outcome: str | None
    """What came of a review: None where nobody asked for one, else `open`, `upheld` or `confirmed`."""

    @property
    def day(self) -> date:
        return clock.local(self.decided_at).date()

    @property
    def taken(self) -> timedelta | None:
        """How long it took to decide; None for what a moderator saw without being asked."""
        return self.decided_at - self.waiting_since if self.waiting_since else None

    @property
    def hours(self) -> float | None:
        """The same in hours, to the tenth."""
        return None if self.taken is None else round(self.taken.total_seconds() / 3600, 1)


@dataclass(frozen=True)
class Group:
    """Decisions that differ in nothing the figures tell apart, and how many they are."""

    month: date
    act: Act
    reason: str
    rule_version: str
    origin: Origin
    in_time: bool
    number: int


def lines(narrowed: Narrowed, *, after: str | None = None) -> Page:
    """The register as it is narrowed, the latest first, as a page of lines."""
    found = page(_wanted(narrowed), [Order(Decision.decided_at, descending=True), Order(Decision.id, descending=True)],
                 after=after, size=PAGE)
    named = _titles()
    rules.fetched({row[5] for row in found.items})
    return Page([_line(row, named) for row in found.items], found.next)


def every_line(narrowed: Narrowed) -> Iterator[Line]:
    """All lines, the latest first, fetched in portions as they are asked for; two queries."""
    named = _titles()
    wanted = _wanted(narrowed).order_by(Decision.decided_at.desc(), Decision.id.desc())
    for row in db.session.execute(wanted, execution_options={"yield_per": PORTION}):
        yield _line(row, named)


def months() -> list[date]:
    """The first days of the months with a register, the latest first."""
    first = db.session.scalar(sa.select(sa.func.min(Decision.decided_at)))
    found, month = [], clock.today().replace(day=1)
    while first is not None and month >= clock.local(first).date().replace(day=1):
        found.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def groups(process: str = "") -> list[Group]:
    """The decisions of the latest months, counted by all that the figures tell apart; one query."""
    starts = months()[:MONTHS]
    if not starts:
        return []
    month = sa.case(*((Decision.decided_at >= _instant(start), at) for at, start in enumerate(starts)),
                    else_=len(starts))
    each = _public(sa.select(
        month.label("month"), Decision.act, Decision.reason, Decision.rule_version, Decision.origin,
        _in_time().label("in_time")), process).where(Decision.decided_at >= _instant(starts[-1])).subquery()
    counted = sa.select(*each.c, sa.func.count().label("number")).group_by(*each.c)
    return [Group(starts[row.month], row.act, row.reason or "", row.rule_version, row.origin, bool(row.in_time),
                  row.number) for row in db.session.execute(counted)]


def _wanted(narrowed: Narrowed) -> sa.Select[Any]:
    columns: list[Any] = [
        Decision.decided_at, Decision.subject, Decision.kind, Decision.act, Decision.reason, Decision.rule_version,
        Decision.origin, Decision.waiting_since, Decision.process_id, Activity.phase_id,
        _outcome().label("outcome")]
    asked = _public(sa.select(*columns), narrowed.process)
    if narrowed.month is not None:
        following = (narrowed.month + timedelta(days=31)).replace(day=1)
        asked = asked.where(Decision.decided_at >= _instant(narrowed.month),
                            Decision.decided_at < _instant(following))
    if narrowed.act is not None:
        asked = asked.where(Decision.act == narrowed.act)
    return asked.where(Decision.reason == narrowed.reason) if narrowed.reason else asked


def _public(asked: sa.Select[Any], process: str) -> sa.Select[Any]:
    """Decisions that stand, in percorsi that everybody sees or in none."""
    undoing = aliased(Decision)
    asked = (asked.select_from(Decision).outerjoin(Process, Decision.process_id == Process.id)
             .outerjoin(Activity, Decision.activity_id == Activity.id).outerjoin(Phase, Activity.phase_id == Phase.id)
             .where(Decision.act.in_(TOUCHING), sa.or_(Process.id.is_(None), Process.published.is_(True)),
                    ~sa.exists().where(undoing.undoes_id == Decision.id)))
    return asked.where(Process.slug == process) if process else asked


def _outcome() -> sa.ScalarSelect[Any]:
    """What came of the review that was asked for last."""
    said = sa.case((Appeal.answered_at.is_(None), "open"), (Appeal.upheld.is_(True), "upheld"), else_="confirmed")
    return (sa.select(said).where(Appeal.decision_id == Decision.id).order_by(Appeal.id.desc()).limit(1)
            .correlate(Decision).scalar_subquery())


def _in_time() -> sa.ColumnElement[int]:
    """1 for what was decided within the time that is promised for its origin."""
    hours = sa.case(*((Decision.origin == origin, target.total_seconds() / 3600)
                      for origin, target in TARGETS.items()), else_=0.0)
    return sa.case((_hours_taken() <= hours, 1), else_=0)


def _hours_taken() -> sa.ColumnElement[float]:
    if db.session.get_bind().dialect.name == "sqlite":
        days = sa.func.julianday(Decision.decided_at) - sa.func.julianday(Decision.waiting_since)
        return sa.type_coerce(days * 24, sa.Float)
    between = Decision.decided_at.op("-", return_type=sa.Interval())(Decision.waiting_since)
    return sa.type_coerce(sa.func.date_part("epoch", between) / 3600, sa.Float)


def _titles() -> Titles:
    """What percorsi and phases are called, by their ids: they are few."""
    rows = db.session.execute(sa.select(Process.id, Process.title, Phase.id, Phase.title)
                              .outerjoin(Phase, Phase.process_id == Process.id)).all()
    return {row[0]: row[1] for row in rows}, {row[2]: row[3] for row in rows}


def _line(row: Any, named: Titles) -> Line:
    decided_at, subject, kind, act, reason, version, origin, since, process, phase, outcome = row[:11]
    return Line(decided_at, subject.partition(":")[0], kind, act, reason or "", version, origin, since,
                named[0].get(process), named[1].get(phase), outcome)


def _instant(day: date) -> datetime:
    """The first instant of a day in Rome."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.ROME).astimezone(UTC)
