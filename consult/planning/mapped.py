"""The whole at a glance: which themes or activities went into which part of the plan, and what became of everything."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.contributions import words as said_words
from consult.contributions.models import State
from consult.core import flows
from consult.core.charts import Column, Row, Table
from consult.core.db import db
from consult.core.languages import Localized, everywhere
from consult.planning import ends
from consult.planning.models import Action, Objective, Plan, TraceLink
from consult.planning.said import (
    activities_of,
    activity,
    link,
    meeting,
    minutes,
    outcome,
    proposal,
    public_minutes,
    said,
    sheet,
)
from consult.processes.models import Axis, ResultsVisible
from consult.results import owed, words

NO_THEME = 0
RESULTS, INDICATORS, MINUTES, ACTIONS = "results", "indicators", "minutes", "actions"


@dataclass(frozen=True)
class Matrix:
    """How many contributions of each column went into each part; a column is a theme or an activity."""

    columns: Sequence[tuple[int, str]]
    parts: Sequence[tuple[str, str]]
    """Ref, and code with title."""
    cells: Mapping[tuple[str, int], int]
    further: Sequence[tuple[str, str]]
    """Codes and names of the columns of what else went into the plan: contributions of other kinds, results,
    indicators, minutes; and, into commitments, actions."""
    others: Mapping[tuple[str, str], int]
    """How many of these went into each part, by ref and code."""
    promised: Mapping[str, ends.Promised]
    """Of the parts, those that are commitments of the pact, by ref."""


def matrix(plan: Plan, *, by_activity: bool) -> Matrix:
    """What everybody can read and is linked to each part of the plan and to each commitment; proposals by theme or by
    activity. Five queries.
    """
    column = said.c.activity_id if by_activity else sa.func.coalesce(proposal.c.axis_id, NO_THEME)
    each = (sa.select(_part().label("part"), column.label("of"), said.c.id)
            .select_from(link.join(said, said.c.id == link.c.contribution_id)
                         .join(proposal, proposal.c.id == said.c.id))
            .where(said.c.state == State.PUBLISHED, said.c.activity_id.in_(activities_of(plan))).distinct().subquery())
    rows = db.session.execute(sa.select(each.c.part, each.c.of, sa.func.count()).group_by(each.c.part, each.c.of))
    promised = ends.commitments(plan)
    parts = [*ends.parts(plan), *(one[:2] for one in promised)]
    refs = {ref for ref, _name in parts}
    cells = {(ref, of): many for ref, of, many in rows if ref in refs}
    used = {of for _ref, of in cells}
    named = _activities(plan) if by_activity else [*_axes(plan), (NO_THEME, _("No theme"))]
    others = _others(plan, refs)
    further = {RESULTS: _("Results"), INDICATORS: _("Indicators"), MINUTES: _("Minutes of meetings"),
               ACTIONS: _("Actions")}
    codes = sorted({of for _ref, of in others}, key=lambda code: (code in further, code))
    return Matrix([(id, name) for id, name in named if id in used], parts, cells,
                  [(code, further.get(code) or str(said_words.MANY[code])) for code in codes], others,
                  {one.ref: one for one in promised})


def _part() -> sa.ColumnElement[str]:
    """What a link ends in, as it is called in addresses."""
    return sa.case(*((column.is_not(None), sa.literal(letter) + sa.cast(column, sa.String)) for letter, column in
                     (("s", link.c.section_id), ("a", link.c.action_id), ("k", link.c.commitment_id))))


def _others(plan: Plan, refs: Collection[str]) -> dict[tuple[str, str], int]:
    """How much else than proposals went into these parts of the plan and commitments."""
    of = sa.case((link.c.indicator_id.is_not(None), INDICATORS), (link.c.result_sheet_id.is_not(None), RESULTS),
                 (link.c.minutes_id.is_not(None), MINUTES), (link.c.carried_action_id.is_not(None), ACTIONS),
                 else_=said.c.kind)
    counted, part = activity.alias(), _part()
    rows = db.session.execute(
        sa.select(part, of, sa.func.count())
        .select_from(link.outerjoin(said, said.c.id == link.c.contribution_id)
                     .outerjoin(proposal, proposal.c.id == said.c.id)
                     .outerjoin(sheet, sheet.c.id == link.c.result_sheet_id)
                     .outerjoin(counted, counted.c.id == sheet.c.activity_id)
                     .outerjoin(minutes, minutes.c.id == link.c.minutes_id)
                     .outerjoin(meeting, meeting.c.id == minutes.c.meeting_id))
        .where(proposal.c.id.is_(None), sa.or_(said.c.id.is_(None), sa.and_(
            said.c.state == State.PUBLISHED, said.c.activity_id.in_(activities_of(plan)))),
            sa.or_(counted.c.id.is_(None), counted.c.results_visible != ResultsVisible.STAFF),
            sa.or_(minutes.c.id.is_(None), public_minutes()))
        .group_by(part, of))
    return {(ref, str(kind)): many for ref, kind, many in rows if ref in refs}


def _axes(plan: Plan) -> list[tuple[int, str]]:
    return [(axis.id, str(axis.title)) for axis in db.session.scalars(
        sa.select(Axis).where(Axis.process_id == plan.process_id).order_by(Axis.position, Axis.id))]


def _activities(plan: Plan) -> list[tuple[int, str]]:
    return [(row.id, str(row.title)) for row in db.session.execute(
        sa.select(activity.c.id, activity.c.title).where(activity.c.id.in_(activities_of(plan)))
        .order_by(activity.c.opens_at, activity.c.id))]


@dataclass(frozen=True)
class Way:
    """So many that were sent in here, got this outcome and went there."""

    start: Hashable
    verdict: Hashable
    place: Hashable
    many: int


SECTIONS, SEVERAL, NOWHERE, NONE = "sections", "several", "nowhere", "none"


def ways(plan: Plan) -> list[Way]:
    """What became of everything that is owed an outcome and that everybody can read, counted in one query.

    It begins in the theme of a contribution, or in its kind where that has no theme; what went into several parts of
    the plan that do not belong together is told apart, so that all is counted once.
    """
    linked = (sa.select(TraceLink.contribution_id, sa.func.count().label("all"),
                        sa.func.count(TraceLink.section_id).label("sections"),
                        sa.func.min(Objective.axis_id).label("first"), sa.func.max(Objective.axis_id).label("last"))
              .outerjoin(Action, Action.id == TraceLink.action_id)
              .outerjoin(Objective, Objective.id == Action.objective_id)
              .where(TraceLink.contribution_id.is_not(None), TraceLink.commitment_id.is_(None))
              .group_by(TraceLink.contribution_id).subquery())
    one_axis = sa.and_(linked.c.sections == 0, linked.c.first == linked.c.last)
    place = sa.case((linked.c.all.is_(None), NOWHERE), (linked.c.sections == linked.c.all, SECTIONS),
                    (one_axis, sa.cast(linked.c.first, sa.String)), else_=SEVERAL)
    each = (sa.select(said.c.kind, owed.axis_id().label("axis_id"), outcome.c.verdict, place.label("place"))
            .select_from(sa.outerjoin(owed.with_kinds(), linked, linked.c.contribution_id == said.c.id))
            .where(owed.owed_in(plan.process), said.c.activity_id.in_(activities_of(plan))).subquery())
    rows: Sequence[Any] = db.session.execute(sa.select(*each.c, sa.func.count()).group_by(*each.c)).all()
    return [Way(axis_id or kind, verdict or NONE, int(place) if place.isdigit() else place, many)
            for kind, axis_id, verdict, place, many in rows]


def drawn(plan: Plan, found: Sequence[Way]) -> flows.Flow:
    """The ways as a drawing: what was sent in, its outcome, the part of the plan."""
    columns = _columns(plan)
    weights: dict[tuple[Hashable, ...], int] = {}
    for way in found:
        key = (way.start, way.verdict, way.place)
        weights[key] = weights.get(key, 0) + way.many
    return flows.flow(columns, weights)


def _columns(plan: Plan) -> list[dict[Hashable, str]]:
    axes = _axes(plan)
    starts: dict[Hashable, str] = {
        **dict(axes), **{kind: str(said_words.MANY[kind]) for kind in owed.kinds()}}
    verdicts: dict[Hashable, str] = {**{verdict: str(label) for verdict, label in words.VERDICTS.items()},
                                     NONE: _("No outcome yet")}
    places: dict[Hashable, str] = {
        **{id: _("Actions: %(axis)s", axis=name) for id, name in axes}, SECTIONS: _("Sections of the plan"),
        SEVERAL: _("Several parts of the plan"), NOWHERE: _("Not linked to the plan")}
    return [starts, verdicts, places]


def tabled(plan: Plan, found: Sequence[Way]) -> Table:
    """The same as a table: a row for each way."""
    starts, verdicts, places = _columns(plan)
    order: dict[str, list[Any]] = {name: list(keys) for name, keys in
                                   (("start", starts), ("verdict", verdicts), ("place", places))}
    ranked = sorted(found, key=lambda way: tuple(order[name].index(getattr(way, name)) for name in order))
    return Table(
        code="ways", caption=everywhere(_l("Each way, and how many took it")),
        heading=everywhere(_l("What was sent in")),
        columns=(Column(label=everywhere(_l("Outcome")), unit="text"),
                 Column(label=everywhere(_l("Where in the plan")), unit="text"),
                 Column(label=everywhere(_l("How many")))),
        rows=tuple(Row(label=Localized.of(starts[way.start]),
                       values=(verdicts[way.verdict], places[way.place], way.many)) for way in ranked))
