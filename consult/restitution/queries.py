"""Restitutions, what a phase still lacks before it can be closed, and whether it was closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consult.contributions.models import Contribution, State
from consult.contributions.queries import with_text
from consult.core import clock
from consult.core.db import db, table
from consult.core.paging import Order, Page, page
from consult.meetings.models import Meeting, Minutes, MinutesState
from consult.processes.models import Activity, Axis, Phase, Process
from consult.proposals.models import Proposal
from consult.restitution.models import PhaseClosing, Restitution, RestitutionEdition
from consult.results import owed
from consult.results.models import Outcome, Verdict

SHOWN = 50
"""Contributions without an outcome on one page."""


def of(thing: Activity | Axis) -> Restitution | None:
    """The restitution of an activity or of an axis, as it is being written."""
    column = Restitution.axis_id if isinstance(thing, Axis) else Restitution.activity_id
    return db.session.scalar(sa.select(Restitution).where(column == thing.id))


def axis_called(process: Process, code: str) -> Axis | None:
    """An axis of a percorso by its code."""
    return db.session.scalar(sa.select(Axis).where(Axis.process_id == process.id, Axis.code == code))


def editions(thing: Activity | Axis) -> Sequence[RestitutionEdition]:
    """What was published of an activity or of an axis, the first first; with who published it."""
    column = Restitution.axis_id if isinstance(thing, Axis) else Restitution.activity_id
    return db.session.scalars(
        sa.select(RestitutionEdition).join(Restitution, Restitution.id == RestitutionEdition.restitution_id)
        .where(column == thing.id).order_by(RestitutionEdition.number)).all()


def latest(*which: sa.ColumnElement[bool]) -> Sequence[RestitutionEdition]:
    """The last edition of each of these restitutions, with its activity or axis."""
    newer = aliased(RestitutionEdition)
    replaced = sa.exists().where(newer.restitution_id == RestitutionEdition.restitution_id,
                                 newer.number > RestitutionEdition.number)
    return db.session.scalars(
        sa.select(RestitutionEdition).join(Restitution, Restitution.id == RestitutionEdition.restitution_id)
        .where(~replaced, *which)
        .options(joinedload(RestitutionEdition.restitution).joinedload(Restitution.activity),
                 joinedload(RestitutionEdition.restitution).joinedload(Restitution.axis))).unique().all()


def of_phase(phase: Phase) -> dict[int, RestitutionEdition]:
    """What was published of the public activities of a phase, by the id of the activity."""
    return _by_activity(Activity.phase_id == phase.id)


def of_process(process: Process) -> dict[int, RestitutionEdition]:
    """What was published of the public activities of a percorso, by the id of the activity."""
    return _by_activity(Activity.phase_id.in_(sa.select(Phase.id).where(Phase.process_id == process.id)))


def _by_activity(*which: sa.ColumnElement[bool]) -> dict[int, RestitutionEdition]:
    ids = sa.select(Activity.id).where(Activity.published, *which)
    return {one.restitution.activity_id or 0: one for one in latest(Restitution.activity_id.in_(ids))}


def of_axes(process: Process) -> dict[int, RestitutionEdition]:
    """What was published of the axes of a percorso, by the id of the axis."""
    ids = sa.select(Axis.id).where(Axis.process_id == process.id)
    return {one.restitution.axis_id or 0: one for one in latest(Restitution.axis_id.in_(ids))}


def begun_in(process: Process) -> dict[tuple[str, int], Restitution]:
    """Everything that was begun in a percorso, by what it is about."""
    phases = sa.select(Phase.id).where(Phase.process_id == process.id)
    wanted = sa.select(Restitution).where(sa.or_(
        Restitution.activity_id.in_(sa.select(Activity.id).where(Activity.phase_id.in_(phases))),
        Restitution.axis_id.in_(sa.select(Axis.id).where(Axis.process_id == process.id))))
    return {("axis", one.axis_id) if one.axis_id else ("activity", one.activity_id or 0): one
            for one in db.session.scalars(wanted)}


@dataclass(frozen=True)
class Missing:
    """What a phase still lacks."""

    activities: Sequence[Activity]
    """Public ones that have ended and of which no restitution was published; of a meeting, no minutes either."""
    contributions: int
    """Public ones that call for an outcome and have none, or only one that says that it will follow."""

    def __bool__(self) -> bool:
        return bool(self.activities or self.contributions)


def missing(phase: Phase) -> Missing:
    """What a phase lacks now, in two queries."""
    told = sa.exists().where(Restitution.activity_id == Activity.id,
                             RestitutionEdition.restitution_id == Restitution.id)
    minuted = sa.exists().where(table(Meeting).c.id == Activity.id, sa.or_(
        table(Meeting).c.cancelled_at.is_not(None),
        sa.exists().where(Minutes.meeting_id == table(Meeting).c.id, Minutes.state == MinutesState.APPROVED)))
    activities = sa.select(Activity).where(
        Activity.phase_id == phase.id, Activity.published, Activity.closes_at <= clock.now(), ~told, ~minuted
    ).order_by(Activity.closes_at, Activity.id)
    counted = _unanswered(phase).with_only_columns(sa.func.count(), maintain_column_froms=True)
    return Missing(db.session.scalars(activities).all(), db.session.scalar(counted) or 0)


def unanswered(phase: Phase, *, after: str | None = None) -> Page:
    """A page of what of a phase has no outcome, the most supported first."""
    found = page(_unanswered(phase), [Order(Contribution.support_count, descending=True), Order(Contribution.id)],
                 after=after, size=SHOWN)
    return Page(list(with_text(one.id for one in found.items)), found.next)


def _unanswered(phase: Phase) -> sa.Select[Contribution]:
    """What is owed an outcome and has none; of proposals merged or split it is owed for what was made of them."""
    proposal = table(Proposal)
    replaced = sa.exists().where(proposal.c.id == Contribution.id, proposal.c.replaced_at.is_not(None))
    return (sa.select(Contribution).outerjoin(Outcome, Outcome.contribution_id == Contribution.id)
            .where(Contribution.activity_id.in_(sa.select(Activity.id).where(Activity.phase_id == phase.id)),
                   Contribution.kind.in_(list(owed.kinds())), Contribution.state == State.PUBLISHED, ~replaced,
                   sa.or_(Outcome.id.is_(None), Outcome.verdict == Verdict.UNDER_REVIEW)))


def closing_of(phase: Phase) -> PhaseClosing | None:
    """The closing of a phase, with who did it; None while it is not closed."""
    return db.session.scalar(sa.select(PhaseClosing).where(PhaseClosing.phase_id == phase.id)
                             .options(joinedload(PhaseClosing.closed_by)))


def closings(phase_ids: Iterable[int]) -> dict[int, PhaseClosing]:
    """Which of these phases were closed, in one query."""
    rows = db.session.scalars(sa.select(PhaseClosing).where(PhaseClosing.phase_id.in_(list(phase_ids))))
    return {one.phase_id: one for one in rows}


def published_in(process: Process) -> sa.ColumnElement[bool]:
    """Whether anything was published in a percorso."""
    phases = sa.select(Phase.id).where(Phase.process_id == process.id)
    return sa.exists().where(RestitutionEdition.restitution_id == Restitution.id, sa.or_(
        Restitution.activity_id.in_(sa.select(Activity.id).where(Activity.phase_id.in_(phases))),
        Restitution.axis_id.in_(sa.select(Axis.id).where(Axis.process_id == process.id))))


def closed_or_told(phase: Phase) -> sa.ColumnElement[bool]:
    """Whether a phase was closed, or anything was published of an activity of it."""
    told = sa.exists().where(RestitutionEdition.restitution_id == Restitution.id, Restitution.activity_id.in_(
        sa.select(Activity.id).where(Activity.phase_id == phase.id, Activity.published)))
    return sa.or_(sa.exists().where(PhaseClosing.phase_id == phase.id), told)
