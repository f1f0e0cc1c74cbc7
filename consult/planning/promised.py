"""What became of a contribution in the plan and in the pact: the parts it went into, the commitments that came of it,
and how far each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution
from consult.core.db import db, table
from consult.pact.models import Progress, ProgressReport
from consult.planning.models import Action, Plan, Section
from consult.planning.said import carried, commitment, link, organisation, pact, public_commitment
from consult.planning.trace import Place

LATEST = 5
"""Of many reports on a commitment only the latest are told."""
_report, _through = table(ProgressReport), link.alias("through")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How far a commitment was on a day, and who says so."""

    id: int
    on: date
    standing: Progress
    text: str
    by: str
    """The organisation in whose name it was written; empty where the plan office wrote it."""
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A public commitment that a contribution led to, with the latest reports on it that nothing has corrected."""

    code: str
    title: str
    pact: str
    action: str
    """The action of the plan between the two, which it carries out; empty where it came of the contribution itself."""
    linked_at: datetime
    reports: list[Reported]


@dataclass(frozen=True, slots=True)
class Became:
    """Where a contribution went, in which plan, and what was promised for it."""

    plan: Plan | None = None
    places: Sequence[Place] = ()
    promises: Sequence[Promise] = ()


def linked(contribution_id: Any) -> sa.ColumnElement[bool]:
    """Holds for links of a contribution, and for those that lead on to a commitment from an action it went into."""
    actions = sa.select(_through.c.action_id).where(_through.c.contribution_id == contribution_id,
                                                    _through.c.action_id.is_not(None))
    return sa.or_(link.c.contribution_id == contribution_id, link.c.carried_action_id.in_(actions))


def became(contribution: Contribution) -> Became:
    """All that is public of what became of a contribution, in one query."""
    theirs = linked(contribution.id)
    latest = _latest(sa.select(link.c.commitment_id).where(theirs))
    rows = db.session.execute(
        sa.select(Plan, link, pact.c.slug, carried.c.code.label("carries"), *latest.c,
                  sa.func.coalesce(Section.code, Action.code, commitment.c.code).label("code"),
                  sa.func.coalesce(Section.title, Action.title, commitment.c.title).label("title"))
        .select_from(link.join(Plan, Plan.process_id == contribution.process_id)
                     .outerjoin(Section, Section.id == link.c.section_id)
                     .outerjoin(Action, Action.id == link.c.action_id)
                     .outerjoin(commitment, commitment.c.id == link.c.commitment_id)
                     .outerjoin(pact, pact.c.id == commitment.c.pact_id)
                     .outerjoin(carried, carried.c.id == link.c.carried_action_id)
                     .outerjoin(latest, sa.and_(latest.c.of == link.c.commitment_id, latest.c.rank <= LATEST)))
        .where(theirs, sa.or_(link.c.commitment_id.is_(None), public_commitment()))
        .order_by(carried.c.code.is_not(None), link.c.id, latest.c.rank)).all()
    places = {row.id: _place(row) for row in rows if row.contribution_id is not None}
    promises: dict[int, Promise] = {}
    told: set[tuple[int, int]] = set()
    for row in rows:
        if row.commitment_id is not None:
            promise = promises.setdefault(row.commitment_id, _promise(row))
            if row.report_id is not None and (row.commitment_id, row.report_id) not in told:
                told.add((row.commitment_id, row.report_id))
                promise.reports.append(_reported(row))
    return Became(rows[0].Plan if rows else None, list(places.values()), list(promises.values()))


def _latest(commitments: sa.Select[int | None]) -> sa.Subquery:
    """The reports on these commitments that nothing has corrected, the newest of each first."""
    corrected = _report.alias()
    return (
        sa.select(_report.c.id.label("report_id"), _report.c.commitment_id.label("of"), _report.c.on,
                  _report.c.standing, _report.c.text, _report.c.created_at.label("written_at"), organisation.c.name,
                  sa.func.row_number().over(partition_by=_report.c.commitment_id, order_by=(
                      _report.c.on.desc(), _report.c.id.desc())).label("rank"))
        .select_from(_report.outerjoin(organisation, organisation.c.id == _report.c.organisation_id))
        .where(_report.c.commitment_id.in_(commitments), ~sa.exists().where(corrected.c.corrects_id == _report.c.id))
        .subquery())


def _place(row: Any) -> Place:
    return Place(link_id=row.id, relation=row.relation, reason=row.reason, code=row.code, title=row.title,
                 section_id=row.section_id, action_id=row.action_id, linked_at=row.created_at,
                 paragraph_id=row.paragraph_id, commitment_id=row.commitment_id, pact=row.slug or "")


def _promise(row: Any) -> Promise:
    return Promise(code=row.code, title=row.title, pact=row.slug, action=row.carries or "", linked_at=row.created_at,
                   reports=[])


def _reported(row: Any) -> Reported:
    return Reported(id=row.report_id, on=row.on, standing=row.standing, text=row.text, by=row.name or "",
                    written_at=row.written_at)
