"""Percorsi, their phases and activities, and how many took part."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from consult.core import clock
from consult.core.db import db
from consult.core.graphs import Part, part
from consult.processes.models import Activity, BlackoutWindow, ParticipationCount, Phase, Process, Standing
from consult.territory.models import Municipality, StakeholderCategory

Standings = dict[Standing, list[Activity]]


def process_called(slug: str) -> Process | None:
    """A percorso by the name in its address, with its phases and pauses."""
    return db.session.scalars(_whole().where(Process.slug == slug)).unique().first()


def latest_public() -> Process | None:
    """The percorso that the home page is about."""
    newest = _whole().where(Process.published.is_(True)).order_by(Process.id.desc()).limit(1)
    return db.session.scalars(newest).unique().first()


def _whole() -> sa.Select[Process]:
    return sa.select(Process).options(selectinload(Process.phases), joinedload(Process.blackouts))


def public_processes() -> Sequence[Process]:
    """Every public percorso with its phases, the latest first."""
    return db.session.scalars(
        sa.select(Process).where(Process.published.is_(True)).options(selectinload(Process.phases))
        .order_by(Process.id.desc())).all()


def phase_called(slug: str, n: int) -> Phase | None:
    """A phase by the slug of its percorso and its number in it."""
    process = process_called(slug)
    phase = next((phase for phase in process.phases if phase.position == n), None) if process else None
    if phase is not None:
        set_committed_value(phase, "process", process)  # held by the phase, it is not asked for again
    return phase


def current_phase(process: Process) -> Phase | None:
    """The phase under way, else the next one, else the last."""
    now = clock.now()
    ahead = [phase for phase in process.phases if not phase.past(now)]
    return next(iter(ahead), process.phases[-1] if process.phases else None)


def activities(process: Process, *, phase: Phase | None = None, unpublished: bool = False) -> Standings:
    """The activities of a percorso, or of one of its phases, by where they stand now.

    What closes first comes first, what closed last comes first among the closed. Activities that are not public
    are left out unless asked for.
    """
    now = clock.now()
    wanted = sa.select(Activity).join(Phase, Activity.phase_id == Phase.id).where(Phase.process_id == process.id)
    if phase is not None:
        wanted = wanted.where(Activity.phase_id == phase.id)
    if not unpublished:
        wanted = wanted.where(Activity.published.is_(True))
    standings: Standings = {standing: [] for standing in Standing}
    for activity in db.session.scalars(wanted.order_by(Activity.closes_at, Activity.id)):
        standings[activity.listed(now)].append(activity)
    standings[Standing.COMING].sort(key=lambda activity: activity.opens_at)
    standings[Standing.CLOSED].reverse()
    return standings


Tally = defaultdict[int, Counter[str]]
"""By an id: how often each kind of act was done."""


@dataclass(frozen=True)
class Counts:
    """How often each kind of act was done in a percorso, or in one of its phases."""

    by_phase: Tally
    """People included."""
    by_activity: Tally
    by_municipality: Tally
    """People included; 0 stands for none named. Empty unless counted for one phase."""

    @property
    def whole(self) -> Counter[str]:
        """In all. Without people: whoever took part in two phases would be counted twice."""
        total: Counter[str] = Counter()
        for counted in self.by_activity.values():
            total.update(counted)
        return total


def counts(process: Process) -> Counts:
    """How many took part in a percorso, from the public counters."""
    how_many = sa.func.sum(ParticipationCount.count)
    return _counts(sa.select(
        ParticipationCount.phase_id, ParticipationCount.activity_id, sa.null(), ParticipationCount.kind, how_many)
        .join(Phase, Phase.id == ParticipationCount.phase_id).where(Phase.process_id == process.id)
        .group_by(ParticipationCount.phase_id, ParticipationCount.activity_id, ParticipationCount.kind))


def counts_in(phase: Phase) -> Counts:
    """How many took part in a phase, from the public counters, also by municipality."""
    return _counts(sa.select(
        ParticipationCount.phase_id, ParticipationCount.activity_id, ParticipationCount.municipality_id,
        ParticipationCount.kind, ParticipationCount.count).where(ParticipationCount.phase_id == phase.id))


def _counts(wanted: sa.Executable) -> Counts:
    found = Counts(defaultdict(Counter), defaultdict(Counter), defaultdict(Counter))
    for phase_id, activity_id, municipality_id, kind, number in db.session.execute(wanted):
        found.by_phase[phase_id][kind] += number
        if activity_id:
            found.by_activity[activity_id][kind] += number
        if municipality_id is not None:
            found.by_municipality[municipality_id][kind] += number
    return found


def municipalities(process: Process) -> Sequence[Municipality]:
    """The municipalities of the authority that runs a percorso, in its order."""
    return db.session.scalars(
        sa.select(Municipality).where(Municipality.authority_id == process.authority_id)
        .order_by(Municipality.position, Municipality.name)).all()


def public_activity(id: int) -> Activity | None:
    """An activity that everybody may see, with its percorso."""
    return db.session.scalar(
        sa.select(Activity).join(Activity.phase).join(Phase.process).where(
            Activity.id == id, Activity.published.is_(True), Process.published.is_(True)))


def deciding(kind: type[Activity]) -> tuple[Any, ...]:
    """What decides whether an activity of a kind takes anything now, and from whom; with `phase_in_time` below it."""
    return (kind.phase_id, kind.kind, kind.opens_at, kind.closes_at, kind.published, kind.suspended_reason,
            kind.audience, kind.minimum_age, kind.maximum_age, kind.only_from, kind.only_categories, kind.workers_too,
            kind.codes_allowed)


def phase_in_time() -> Part[Phase]:
    """A phase with what decides of the time of its activities, and none of its words."""
    return part(Phase, Phase.process_id, Phase.starts_at, Phase.ends_at,
                process=part(Process, Process.published, blackouts=part(BlackoutWindow)))


def open_to_codes() -> list[Activity]:
    """What is public, takes something now, and can be taken part in with a code; what closes first comes first."""
    now = clock.now()
    found = db.session.scalars(
        sa.select(Activity).where(Activity.codes_allowed.is_(True), Activity.published.is_(True),
                                  Activity.opens_at <= now, Activity.closes_at > now)
        .options(selectinload(Activity.phase).joinedload(Phase.process)).order_by(Activity.closes_at, Activity.id))
    return [activity for activity in found if activity.phase.process.published and activity.takes()]


def names_of_municipalities(codes: Collection[str]) -> Sequence[str]:
    """The names that belong to ISTAT codes."""
    return db.session.scalars(sa.select(Municipality.name).where(Municipality.istat_code.in_(codes))
                              .order_by(Municipality.position, Municipality.name)).all()


def names_of_categories(codes: Collection[str]) -> list[str]:
    """What categories of organisations are called, in the language of the page."""
    return [str(name) for name in db.session.scalars(
        sa.select(StakeholderCategory.name).where(StakeholderCategory.code.in_(codes))
        .order_by(StakeholderCategory.position, StakeholderCategory.id))]
