"""What awaits the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from consult.accounts.models import Person
from consult.contributions.models import State
from consult.contributions.queries import by_names
from consult.core import clock
from consult.core.db import db
from consult.core.paging import Order, Page, page
from consult.processes.models import Activity, Phase, Process
from consult.proposals.models import Proposal, ProposalCall
from consult.results.models import Outcome, ResultSheet
from consult.verification import queries as verification
from consult.verification.models import CodeBatch

SOON = timedelta(days=7)
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Agenda:
    """Activities whose time comes or has just passed."""

    closing: Sequence[Activity]
    opening: Sequence[Activity]
    suspended: Sequence[Activity]
    unpublished: Sequence[Activity]
    closed: Sequence[Activity]
    frozen: frozenset[int]
    """The ids of those closed whose results are frozen."""


def processes(person: Person) -> Sequence[Process]:
    """The percorsi in which a member of the staff has a role, the latest first."""
    return db.session.scalars(sa.select(Process).where(*_theirs(person)).order_by(Process.id.desc())).all()


def calls(person: Person) -> Sequence[ProposalCall]:
    """The calls for proposals of these percorsi, the latest first: a new one can be like one of them."""
    return db.session.scalars(
        sa.select(ProposalCall).join(Activity.phase).join(Phase.process).where(*_theirs(person))
        .options(contains_eager(Activity.phase).contains_eager(Phase.process))
        .order_by(ProposalCall.id.desc()).limit(100)).unique().all()


def open_to_codes(person: Person) -> Sequence[Activity]:
    """Activities that have not closed and in which a code is enough, of the percorsi of a member of the staff."""
    return db.session.scalars(
        sa.select(Activity).join(Activity.phase).join(Phase.process).where(
            *_theirs(person), Activity.codes_allowed.is_(True), Activity.closes_at > clock.now())
        .options(contains_eager(Activity.phase).contains_eager(Phase.process))
        .order_by(Activity.closes_at, Activity.id)).all()


def sheets() -> list[tuple[CodeBatch, Process | Activity | None]]:
    """The last hundred sheets of codes, the latest first, with the percorso or the activity that they are bound to."""
    batches = verification.batches()
    activities = {one.id: one for one in db.session.scalars(
        sa.select(Activity).where(Activity.id.in_({b.activity_id for b in batches if b.activity_id})))}
    processes = {one.id: one for one in db.session.scalars(
        sa.select(Process).where(Process.id.in_({b.process_id for b in batches if b.process_id})))}
    return [(batch, activities.get(batch.activity_id or 0) or processes.get(batch.process_id or 0))
            for batch in batches]


def unanswered(process: Process, *, after: str | None = None) -> Page:
    """The public proposals that nobody has given an outcome yet, the most supported first."""
    here = sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id).where(Phase.process_id == process.id)
    wanted = (sa.select(Proposal).outerjoin(Outcome, Outcome.contribution_id == Proposal.id)
              .where(Proposal.activity_id.in_(here), Proposal.kind == "proposal", Proposal.state == State.PUBLISHED,
                     Outcome.id.is_(None))
              .options(*by_names()))
    order = [Order(Proposal.support_count, descending=True), Order(Proposal.id)]
    return page(wanted, order, after=after, size=50)


def _theirs(person: Person) -> list[sa.ColumnElement[bool]]:
    scopes = {grant.process_id for grant in person.active_grants}
    return [] if None in scopes else [Process.id.in_([id for id in scopes if id is not None])]


def agenda(person: Person) -> Agenda:
    """What happens in these days in the percorsi in which the person has a role."""
    now = clock.now()
    wanted = (sa.select(Activity).join(Activity.phase).join(Phase.process).where(*_theirs(person))
              .options(contains_eager(Activity.phase).contains_eager(Phase.process))
              .where(Activity.closes_at > now - LATELY).order_by(Activity.closes_at, Activity.id))
    activities = db.session.scalars(wanted).unique().all()
    running = [a for a in activities if a.published and a.opens_at <= now < a.closes_at]
    closed = [a for a in activities if a.published and a.closes_at <= now]
    frozen = db.session.scalars(
        sa.select(ResultSheet.activity_id).where(ResultSheet.activity_id.in_([a.id for a in closed])))
    return Agenda(
        closing=[a for a in running if a.closes_at <= now + SOON],
        opening=sorted((a for a in activities if a.published and now < a.opens_at <= now + SOON),
                       key=lambda a: a.opens_at),
        suspended=[a for a in running if a.suspended_reason],
        unpublished=[a for a in activities if not a.published],
        closed=closed[::-1], frozen=frozenset(frozen))
