"""What awaits the moderators, and what they decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, Flag, FlagReason, State
from consult.contributions.queries import MODERATORS
from consult.core.db import db
from consult.core.paging import Order, Page, page
from consult.moderation.models import Act, Decision, DecisionCount, Reason
from consult.processes.models import Activity, Phase
from consult.proposals.models import Proposal

PAGE = 50
PENDING = sa.literal(State.PENDING, Contribution.__table__.c.state.type, literal_execute=True)
"""Written into the query itself, so that the database knows that the index of what waits holds all that is wanted."""


@dataclass
class Waiting:
    """A contribution that awaits a decision: why, since when, and what readers said of it."""

    contribution: Contribution
    reported: bool
    """Public, and reported by readers; else it waits to be published."""
    since: datetime
    flags: Mapping[FlagReason, int] = field(default_factory=dict)
    flagged_by_me: bool = False


def flagged_by(contribution: Contribution, person: Person) -> bool:
    """True if the person asked the moderators to look at this contribution."""
    return db.session.scalar(
        sa.select(Flag.id).where(Flag.contribution_id == contribution.id, Flag.person_id == person.id)) is not None


def queue(person: Person, *, kind: str = "", after: str | None = None) -> Page:
    """What awaits a decision of this moderator, as a page of `Waiting`.

    First what is public and was reported, then what waits to be published; of both the oldest first.
    """
    waiting = _waiting(person, kind)
    order = [Order(waiting.c.rank), Order(waiting.c.since), Order(waiting.c.id)]
    found = page(sa.select(waiting.c.id, waiting.c.rank, waiting.c.since), order, after=after, size=PAGE)
    whole = {c.id: c for c in contributions.with_text(row[0] for row in found.items)}
    rows = [Waiting(whole[id], rank == 0, since) for id, rank, since in found.items if id in whole]
    _add_flags(rows, person)
    return Page(rows, found.next)


def waiting_by_kind(person: Person) -> dict[str, int]:
    """How many contributions of each kind await this moderator."""
    waiting = _waiting(person)
    counted = sa.select(Contribution.kind, sa.func.count()).join(waiting, waiting.c.id == Contribution.id)
    return {row[0]: row[1] for row in db.session.execute(counted.group_by(Contribution.kind))}


def _waiting(person: Person, kind: str = "") -> sa.Subquery:
    """Ids with their rank and the instant since which they wait; only processes in which the person moderates."""
    reported = (
        sa.select(Flag.contribution_id.label("id"), sa.literal(0).label("rank"),
                  sa.func.min(Flag.created_at).label("since"))
        .join(Contribution, Contribution.id == Flag.contribution_id)
        .where(Flag.decided_at.is_(None), Contribution.state == State.PUBLISHED)
        .group_by(Flag.contribution_id))
    pending = (
        sa.select(Contribution.id.label("id"), sa.literal(1).label("rank"),
                  sa.func.coalesce(Proposal.__table__.c.submitted_at, Contribution.created_at).label("since"))
        .outerjoin(Proposal.__table__, Proposal.__table__.c.id == Contribution.id)
        .where(Contribution.state == PENDING))
    if kind:
        reported, pending = (part.where(Contribution.kind == kind) for part in (reported, pending))
    limits = _moderated(person)
    return sa.union_all(*(part.where(*limits) for part in (reported, pending))).subquery()


def _moderated(person: Person) -> list[sa.ColumnElement[bool]]:
    """The condition that a contribution lies within the roles of a moderator; none for a role for the whole site."""
    scopes = [grant.process_id for grant in person.active_grants if grant.role in MODERATORS]
    if None in scopes:
        return []
    theirs = sa.select(Activity.id).join(Phase, Activity.phase_id == Phase.id).where(Phase.process_id.in_(scopes))
    return [Contribution.activity_id.in_(theirs)]


def _add_flags(rows: Sequence[Waiting], person: Person) -> None:
    ids = [row.contribution.id for row in rows if row.reported]
    if not ids:
        return
    mine = sa.func.max(sa.case((Flag.person_id == person.id, 1), else_=0))
    found = db.session.execute(
        sa.select(Flag.contribution_id, Flag.reason, sa.func.count(), mine)
        .where(Flag.contribution_id.in_(ids), Flag.decided_at.is_(None)).group_by(Flag.contribution_id, Flag.reason))
    by_id = {row.contribution.id: row for row in rows}
    flags: defaultdict[int, dict[FlagReason, int]] = defaultdict(dict)
    for id, reason, number, by_me in found:
        flags[id][reason] = number
        by_id[id].flagged_by_me |= bool(by_me)
    for id, reasons in flags.items():
        by_id[id].flags = reasons


def flags_of(contribution: Contribution) -> Sequence[Flag]:
    """Every report of a contribution, the latest first."""
    return db.session.scalars(
        sa.select(Flag).where(Flag.contribution_id == contribution.id).order_by(Flag.id.desc()).limit(PAGE)).all()


def decisions_on(contribution: Contribution) -> Sequence[Decision]:
    """Every decision on a contribution, the latest first."""
    return db.session.scalars(
        sa.select(Decision).where(Decision.contribution_id == contribution.id)
        .options(joinedload(Decision.moderator)).order_by(Decision.id.desc())).all()


def hiding(contribution: Contribution) -> Decision | None:
    """The latest decision to hide a contribution."""
    return db.session.scalar(
        sa.select(Decision).where(Decision.contribution_id == contribution.id, Decision.act == Act.HIDE)
        .order_by(Decision.id.desc()).limit(1))


def log(person: Person, *, act: Act | None = None, reason: Reason | None = None, after: str | None = None) -> Page:
    """The decisions in the processes in which the person moderates, the latest first, as a page."""
    wanted = (sa.select(Decision).join(Contribution, Contribution.id == Decision.contribution_id)
              .where(*_moderated(person)).options(
                  joinedload(Decision.moderator), joinedload(Decision.contribution)))
    if act is not None:
        wanted = wanted.where(Decision.act == act)
    if reason is not None:
        wanted = wanted.where(Decision.reason == reason)
    return page(wanted, [Order(Decision.id, descending=True)], after=after, size=PAGE)


def hiding_reasons(ids: Iterable[int]) -> dict[int, Reason]:
    """For each of these contributions that a moderator hid, the reason of the latest hiding."""
    latest = (sa.select(sa.func.max(Decision.id)).where(Decision.contribution_id.in_(list(ids)),
                                                        Decision.act == Act.HIDE).group_by(Decision.contribution_id))
    found = db.session.execute(
        sa.select(Decision.contribution_id, Decision.reason).where(Decision.id.in_(latest)))
    return {id: reason for id, reason in found if reason is not None}


def figures() -> dict[tuple[Act, str], int]:
    """How often each act was decided, by the value of its reason or the empty text."""
    rows = db.session.execute(sa.select(DecisionCount.act, DecisionCount.reason, DecisionCount.count))
    return {(act, reason): number for act, reason, number in rows}
