"""Calls for proposals and the proposals in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core import paging
from consult.core.db import db
from consult.processes.models import Activity, ParticipationCount, Phase, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.territory.models import Authority

_NEWEST = paging.Order(Contribution.id, descending=True)
ORDERS: dict[str, tuple[paging.Order, ...]] = {
    "recenti": (_NEWEST,),
    "sostenute": (paging.Order(Contribution.support_count, descending=True), _NEWEST),
    "discusse": (paging.Order(Contribution.comment_count, descending=True), _NEWEST),
}
"""The orders one can ask for, by their name in the address; the first is the usual one."""

CITIZENS, ORGANISATIONS = "cittadini", "organizzazioni"
MOST_WORDS = 8


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which proposals of a call are wanted; what is None or empty does not matter."""

    axis_id: int | None = None
    municipality_id: int | None = None
    speaker: str = ""
    words: str = ""


def call(id: int) -> ProposalCall | None:
    """A call with its phase, its percorso, the axes and the municipalities it is about."""
    process = joinedload(ProposalCall.phase).joinedload(Phase.process)
    return db.session.scalars(sa.select(ProposalCall).where(ProposalCall.id == id).options(
        process.joinedload(Process.blackouts), process.selectinload(Process.axes),
        process.joinedload(Process.authority).selectinload(Authority.municipalities))).unique().first()


def listed(call: ProposalCall, order: str, wanted: Filter, after: str | None = None) -> paging.Page:
    """A page of the published proposals of a call, without their texts; an unknown order is the usual one."""
    statement = sa.select(Proposal).where(
        Contribution.activity_id == call.id, Contribution.kind == "proposal", Contribution.state == State.PUBLISHED,
        *_conditions(wanted),
    ).options(*by_names(), joinedload(Proposal.axis), defer(Proposal.body), defer(Proposal.body_html))
    return paging.page(statement, ORDERS.get(order, (_NEWEST,)), after=after, size=20)


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.axis_id is not None:
        conditions.append(Proposal.axis_id == wanted.axis_id)
    if wanted.municipality_id is not None:
        conditions.append(Contribution.municipality_id == wanted.municipality_id)
    if wanted.speaker == CITIZENS:
        conditions.append(Contribution.organisation_id.is_(None))
    if wanted.speaker == ORGANISATIONS:
        conditions.append(Contribution.organisation_id.is_not(None))
    return conditions + [_mentions(word) for word in wanted.words.split()[:MOST_WORDS]]


def _mentions(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.icontains(word, autoescape=True)
                    for column in (Proposal.title, Proposal.summary, Contribution.code)))


def how_many(call: ProposalCall) -> int:
    """The published proposals of a call, from the count that is moved with each of them."""
    return db.session.scalar(sa.select(sa.func.sum(ParticipationCount.count)).where(
        ParticipationCount.phase_id == call.phase_id, ParticipationCount.activity_id == call.id,
        ParticipationCount.kind == "proposal")) or 0


def proposal(id: int, slug: str | None = None) -> Proposal | None:
    """A proposal with all that its page shows of it and all that decides what may be done with it.

    It is found by its id whatever slug the address names.
    """
    process = joinedload(Proposal.activity.of_type(ProposalCall)).joinedload(Activity.phase).joinedload(Phase.process)
    found = db.session.scalars(sa.select(Proposal).where(Proposal.id == id).options(
        *by_names(), joinedload(Proposal.axis), joinedload(Proposal.thread),
        process.joinedload(Process.blackouts))).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", found)
    return found


def not_public_of(person: Any, call: ProposalCall) -> Sequence[Proposal]:
    """What somebody has in a call that others do not see: drafts, and what waits or was hidden."""
    if not person.is_authenticated:
        return []
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id,
        Contribution.state.in_([State.DRAFT, State.PENDING, State.HIDDEN]),
    ).options(defer(Proposal.body), defer(Proposal.body_html)).order_by(Contribution.id.desc()).limit(50)).all()


def drafts_of(person: Any, call: ProposalCall) -> Sequence[Proposal]:
    """What somebody has begun in a call and not sent in, the one saved last first."""
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id, Contribution.state == State.DRAFT,
    ).options(defer(Proposal.body_html)).order_by(
        sa.func.coalesce(Proposal.saved_at, Contribution.created_at).desc()).limit(50)).all()


def draft_of_page(call: ProposalCall, person: Any, page: str) -> Proposal | None:
    """The draft that somebody saved last from a page."""
    return db.session.scalars(sa.select(Proposal).where(
        Contribution.author_id == person.id, Contribution.activity_id == call.id, Contribution.state == State.DRAFT,
        Proposal.written_on == page).order_by(Contribution.id.desc()).limit(1)).first()
