"""What awaits a decision, and in which order: what is due soonest comes first, whatever its kind."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.contributions.models import Flag, FlagReason
from consult.contributions.queries import MODERATORS
from consult.core import clock
from consult.core.db import UtcDateTime, db
from consult.core.paging import Page
from consult.core.policy import can
from consult.moderation import claims, matters, queries, reported
from consult.moderation.matters import Matter
from consult.moderation.models import Aside, Claim, Decision, Origin
from consult.moderation.wanting import Place, Wanted, cursor, place_in
from consult.processes.models import Activity, Phase

PAGE = 50
FIRST = 5
"""So many are looked at first by who takes the next: one of them will do, as a rule."""
TARGETS: dict[Origin, timedelta] = {
    Origin.GRAVE: timedelta(hours=4),
    Origin.HELD: timedelta(hours=24),
    Origin.SCREENED: timedelta(hours=24),
    Origin.FLAGGED: timedelta(hours=48),
    Origin.NEW: timedelta(hours=48),
    Origin.ESCALATED: timedelta(hours=48),
    Origin.APPEALED: timedelta(days=7),
    Origin.SAMPLED: timedelta(days=7),
}
"""Within which time each is decided: what readers say does harm first, a second look at what stands last."""


@dataclass
class Waiting:
    """Something that awaits a decision: why, since when and until when, who has it in hand, what readers said of it."""

    matter: Matter
    origin: Origin
    since: datetime
    decided: int = 0
    """How many times something was decided of it."""
    claim: Claim | None = None
    flags: Mapping[FlagReason, int] = field(default_factory=dict)
    flagged_by_me: bool = False

    @property
    def due(self) -> datetime:
        return self.since + TARGETS[self.origin]

    @property
    def mark(self) -> int:
        """What grows with every change of the text and every decision: see `services.mark`."""
        return self.matter.version + self.decided

    @property
    def late(self) -> bool:
        return self.due < clock.now()

    @property
    def contribution(self) -> Any:
        """The row itself."""
        return self.matter.thing


NOW = sa.bindparam("now", type_=UtcDateTime())
ME = sa.bindparam("me", type_=sa.Integer())


def overdue_since(origin: Origin) -> sa.BindParameter[datetime]:
    """What has waited longer for this reason is late."""
    return sa.bindparam(f"late_{origin.value}", type_=UtcDateTime())


def given(person: Person) -> dict[str, Any]:
    """What a question about the queue is asked with; so much the same for all is made once."""
    now = clock.now()
    return {"now": now, "me": person.id, **{f"late_{origin.value}": now - time for origin, time in TARGETS.items()}}


def queue(person: Person, wanted: Wanted | None = None, *, after: str | None = None, size: int = PAGE,
          whole: bool = False) -> Page:
    """What awaits a decision of this moderator, as a page of `Waiting`, in the order in which it is due.

    The matters are those of a list, unless they are wanted whole to be decided.
    """
    place = place_in(after)
    wanted = wanted or Wanted()
    asked = (wanted, _scope(person, wanted), size + 1, db.session.get_bind().dialect.name)
    parts, question = _first_rows(*asked) if place is None else _rows_after(*asked, place)
    found = []
    if question is not None:
        for row in db.session.execute(question, given(person)).all():
            origin, source, _part = parts[row.part]
            found.append(((row.since + TARGETS[origin], row.part, row.number), origin, source, row))
    found.sort(key=lambda each: each[0])
    shown = found[:size]
    rows = [(f"{source}:{row.number}", origin, row) for _at, origin, source, row in shown]
    return Page(_waiting(person, rows, matters.find([row[0] for row in rows], whole=whole)),
                cursor(shown[-1][0]) if len(found) > size else None)


Parts = Sequence[tuple[Origin, str, sa.Select[Any]]]


def _rows_after(wanted: Wanted, processes: "Scope", size: int, _dialect: str,
                place: Place | None) -> tuple[Parts, Any]:
    """The parts of the queue, and the question for the first rows of each after a place; None where there is none."""
    parts = parts_for(processes, wanted)
    chosen = [_stretch(part, at, origin, source, place, size) for at, (origin, source, part) in enumerate(parts)]
    return parts, sa.union_all(*chosen).execution_options(prepared=True) if chosen else None


@lru_cache(maxsize=128)
def _first_rows(wanted: Wanted, processes: "Scope", size: int, dialect: str) -> tuple[Parts, Any]:
    """The same from the beginning, which is what most ask for, made once."""
    return _rows_after(wanted, processes, size, dialect, None)


def counted(person: Person, wanted: Wanted | None = None) -> dict[tuple[str, str], int]:
    """How many things await this moderator, by source and kind."""
    return _counted(person, wanted or Wanted(), lambda row, _origin, source: (source, row.kind))


def counted_by_origin(person: Person, wanted: Wanted | None = None) -> dict[Origin, int]:
    """How many things await this moderator, by why they wait."""
    return _counted(person, wanted or Wanted(), lambda _row, origin, _source: origin)


def total(person: Person, wanted: Wanted) -> int:
    """How many things are wanted."""
    return sum(counted(person, wanted).values())


def overview(person: Person) -> tuple[dict[tuple[str, str], int], int]:
    """How many things await this moderator, by source and kind, and how many of all wait longer than is promised."""
    numbers: defaultdict[tuple[str, str], int] = defaultdict(int)
    overdue = 0
    for _origin, source, row in _groups(person, Wanted()):
        numbers[source, row.kind] += row.number
        overdue += row.late or 0
    return dict(numbers), overdue


def late(person: Person) -> int:
    """How many things wait longer than is promised."""
    return total(person, Wanted(late=True))


def _counted(person: Person, wanted: Wanted, key: Any) -> dict[Any, int]:
    numbers: defaultdict[Any, int] = defaultdict(int)
    for origin, source, row in _groups(person, wanted):
        numbers[key(row, origin, source)] += row.number
    return dict(numbers)


def _groups(person: Person, wanted: Wanted) -> Iterator[tuple[Origin, str, Any]]:
    """For each reason to wait and kind, how many wait and how many of them too long."""
    parts = parts_for(_scope(person, wanted), wanted)
    grouped = []
    for at, (origin, _source, part) in enumerate(parts):
        rows = apart(part, at)
        overdue = sa.case((rows.c.since < overdue_since(origin), 1), else_=0)
        grouped.append(sa.select(sa.literal(at).label("part"), rows.c.kind, sa.func.count().label("number"),
                                 sa.func.sum(overdue).label("late")).group_by(rows.c.kind))
    for row in db.session.execute(sa.union_all(*grouped), given(person)) if grouped else ():
        origin, source, _part = parts[row.part]
        yield origin, source, row


def apart(part: sa.Select[Any], at: int) -> sa.CTE:
    """What waits, found before anything is counted: SQLite else reads all that there is in the order of the groups."""
    return part.cte(f"part_{at}").prefix_with("MATERIALIZED")


Scope = tuple[int | None, ...] | None
"""The percorsi in which somebody moderates; None for the whole site."""


def parts_for(processes: Scope, wanted: Wanted) -> Parts:
    """For each reason to wait, what waits for it and is wanted by whoever moderates there; asked with `given`."""
    parts = []
    for source in matters.sources():
        for origin, select in source.waiting():
            if wanted.origin is None or origin is wanted.origin:
                parts.append((origin, source.name, _narrowed(select, source.name, origin, processes, wanted)))
    return parts


def scope(person: Person, *others: Role) -> Scope:
    """The percorsi in which somebody moderates, or has one of the other roles; None for the whole site."""
    scopes = tuple(grant.process_id for grant in person.active_grants if grant.role in (*MODERATORS, *others))
    return scopes if None not in scopes else None


def _scope(person: Person, wanted: Wanted) -> Scope:
    """Where somebody sees what is wanted: guarantors see what was passed on to them."""
    return scope(person, Role.GUARANTOR) if wanted.passed_on else scope(person)


def _narrowed(select: sa.Select[Any], source: str, origin: Origin, processes: Scope,
              wanted: Wanted) -> sa.Select[Any]:
    """What of a select is to be seen by whoever moderates there, and wanted."""
    column = {each.key: each for each in select.selected_columns}
    subject = sa.literal(f"{source}:", sa.String) + sa.cast(column["number"], sa.String)
    aside = sa.select(Aside.subject).where(Aside.subject == subject)
    laid = aside.where(Aside.until > NOW).exists()
    if wanted.aside is not None:
        select = select.where(laid if wanted.aside else ~laid)
    if wanted.passed_on:
        select = select.where(aside.where(Aside.passed_on_at.is_not(None)).exists())
    if wanted.process_id is not None:
        processes = (wanted.process_id,) if processes is None or wanted.process_id in processes else ()
    if processes is not None:
        theirs = sa.select(Activity.id).join(Phase, Activity.phase_id == Phase.id).where(
            Phase.process_id.in_(processes))
        select = select.where(column["activity_id"].in_(theirs))
    if "decider_id" in column:
        select = select.where(column["decider_id"] != ME)
    return select.where(*_conditions(column, source, origin, wanted))


def _conditions(column: Mapping[Any, Any], source: str, origin: Origin, wanted: Wanted) -> list[Any]:
    """What the thing itself must be to be wanted."""
    conditions = [column[name] == value for name, value in (
        ("activity_id", wanted.activity_id), ("kind", wanted.kind), ("channel", wanted.channel)) if value]
    if wanted.reason is not None:
        conditions.append(sa.exists().where(
            Flag.decided_at.is_(None), Flag.reason == wanted.reason, flagged(column["number"], source)))
    if wanted.late:
        conditions.append(column["since"] < overdue_since(origin))
    return conditions


def flagged(number: Any, source: str) -> sa.ColumnElement[bool]:
    """Holds for the reports of what has this number in a source."""
    if source == "contribution":
        return cast(sa.ColumnElement[bool], Flag.contribution_id == number)
    return Flag.subject == sa.literal(f"{source}:", sa.String) + sa.cast(number, sa.String)


def _stretch(part: sa.Select[Any], at: int, origin: Origin, source: str, place: Place | None,
             size: int) -> sa.Select[Any]:
    """The first rows of a part that follow a place in the whole queue."""
    rows = part.subquery()
    found = sa.select(sa.literal(at).label("part"), rows.c.number, rows.c.kind, rows.c.since)
    if place is not None:
        due, passed, number = place
        bound = sa.literal(due - TARGETS[origin], rows.c.since.type)
        if at > passed:
            found = found.where(rows.c.since >= bound)
        elif at < passed:
            found = found.where(rows.c.since > bound)
        else:
            found = found.where(sa.or_(rows.c.since > bound, sa.and_(rows.c.since == bound, rows.c.number > number)))
    first = found.order_by(rows.c.since, rows.c.number).limit(size).subquery()
    subject = sa.literal(f"{source}:", sa.String) + sa.cast(first.c.number, sa.String)
    decided = sa.select(sa.func.count()).select_from(Decision).where(Decision.subject == subject).scalar_subquery()
    return sa.select(first, decided.label("decided"))


def _waiting(person: Person, rows: Sequence[tuple[str, Origin, Any]], found: Mapping[str, Matter]) -> list[Waiting]:
    held = claims.held_of(found) if found else {}
    waiting = [Waiting(found[subject], origin, row.since, row.decided, held.get(subject))
               for subject, origin, row in rows if subject in found]
    _add_flags(waiting, person)
    return waiting


def _add_flags(rows: Sequence[Waiting], person: Person) -> None:
    by_name = {row.matter.reported_as: row for row in rows
               if row.matter.reportable and (row.matter.contribution_id is None or row.matter.reported)}
    if not by_name:
        return
    flags: defaultdict[str, dict[FlagReason, int]] = defaultdict(dict)
    for name, reason, number, by_me in reported.counted(by_name, person):
        flags[name][reason] = number
        by_name[name].flagged_by_me |= by_me
    for name, reasons in flags.items():
        by_name[name].flags = reasons


def take_next(person: Person, wanted: Wanted | None = None) -> Waiting | None:
    """The first thing that nobody has in hand and that this person may decide on, taken in hand; None if all is done.

    Two people never get the same: whoever comes second goes on to the next.
    """
    after, size = None, FIRST
    while True:
        page = queue(person, wanted, after=after, size=size, whole=True)
        found = next((row for row in page.items if _taken(row, person)), None)
        if found is not None or page.next is None:
            return found
        after, size = page.next, PAGE


def _taken(row: Waiting, person: Person) -> bool:
    """Take it in hand, unless it is not for this person or somebody else was faster, be it to decide it altogether."""
    subject = row.matter.subject
    theirs = row.claim is not None and row.claim.person_id != person.id
    if theirs or of_own(row, person) or not can(person, "moderation.decide", row.matter):
        return False
    if claims.take(subject, person) is None:
        return False
    if not queries.waits(row.matter):  # decided and given back since the queue was read
        claims.give_back(subject, person)
        return False
    return True


def of_own(row: Waiting, person: Person) -> bool:
    """Whether it is the person's own, of their organisation, or reported by them."""
    matter = row.matter
    return (matter.author_id == person.id or row.flagged_by_me
            or (matter.organisation_id is not None and matter.organisation_id in {o.id for o in person.organisations}))
