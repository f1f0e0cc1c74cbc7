"""The trace, read both ways: what a part of the plan comes from, and what became of what was said. No person's name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import State
from consult.core import paging
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Action, Objective, Plan, Relation, Section, TraceLink
from consult.planning.said import (
    Voice,
    activities_of,
    activity,
    called,
    indicator,
    link,
    municipality,
    organisation,
    outcome,
    proposal,
    public_proposals,
    public_result,
    said,
    sheet,
    went_somewhere,
    with_words,
    words,
)
from consult.processes.models import Axis
from consult.results import inherited
from consult.results.models import Verdict

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a part of the plan comes from: a contribution with its code, the results of an activity, or an indicator."""

    link_id: int
    relation: Relation
    reason: str
    title: Localized
    code: str
    voice: Voice | None
    verdict: Verdict | None
    activity_id: int | None
    """For results, the activity they are of."""
    indicator: str = ""
    """For an indicator, its code."""
    paragraph_id: int | None = None
    """The paragraph of the section that is meant, where one is."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The first sources of a part of the plan, and how many there are."""

    items: tuple[Source, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the plan something went, how and why."""

    link_id: int
    relation: Relation
    reason: str
    code: str
    title: str
    section_id: int | None
    action_id: int | None
    linked_at: datetime
    paragraph_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A proposal, what was decided of it, and where it went."""

    id: int
    code: str
    title: str
    language: str
    voice: Voice
    axis_id: int | None
    supports: int
    comments: int
    verdict: Verdict | None
    reasons: str
    decided_by: str
    decided_on: date | None
    places: tuple[Place, ...] = ()
    heirs: tuple[str, ...] = ()
    """The codes of what stands in its place, where it was merged or split: the outcome is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedResult:
    """The frozen results of an activity, and where they went."""

    activity_id: int
    title: Localized
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which proposals the trace is asked for; None asks for all."""

    decided: Verdict | None = None
    undecided: bool = False
    answered: bool = False
    """With an outcome that is more than that one will follow."""
    traced: bool | None = None
    text: str = ""
    section_id: int | None = None
    action_id: int | None = None
    axis_id: int | None = None
    """The theme they belong to; 0 for those that belong to none."""
    activity_id: int | None = None


def sources(section_ids: Iterable[int], action_ids: Iterable[int], *, each: int | None = None
            ) -> dict[tuple[str, int], Sources]:
    """What these parts of the plan come from, by ("section", id) and ("action", id), in one query.

    With `each`, only so many of every part; the totals are whole. What is hidden by now is left out.
    """
    part_of = (link.c.section_id, link.c.action_id)
    linked = link.outerjoin(said, said.c.id == link.c.contribution_id)
    ranked = (
        sa.select(link.c.id, link.c.section_id, link.c.paragraph_id, link.c.action_id, link.c.relation, link.c.reason,
                  *words(), outcome.c.verdict, activity.c.id.label("activity_id"), activity.c.title.label("activity"),
                  indicator.c.code.label("indicator"), indicator.c.title.label("measured"),
                  sa.func.row_number().over(partition_by=part_of, order_by=link.c.id).label("place"),
                  sa.func.count().over(partition_by=part_of).label("total"))
        .select_from(with_words(linked).outerjoin(outcome, outcome.c.contribution_id == said.c.id)
                     .outerjoin(sheet, sheet.c.id == link.c.result_sheet_id)
                     .outerjoin(activity, activity.c.id == sheet.c.activity_id)
                     .outerjoin(indicator, indicator.c.id == link.c.indicator_id))
        .where(sa.or_(link.c.section_id.in_(list(section_ids)), link.c.action_id.in_(list(action_ids))),
               sa.or_(said.c.state == State.PUBLISHED, public_result(), indicator.c.id.is_not(None)))
        .subquery())
    first = sa.select(ranked).where(ranked.c.place <= each) if each is not None else sa.select(ranked)
    found: defaultdict[tuple[str, int], list[Source]] = defaultdict(list)
    totals: dict[tuple[str, int], int] = {}
    for row in db.session.execute(first.order_by(ranked.c.id)):
        part = ("section", row.section_id) if row.section_id else ("action", row.action_id)
        found[part].append(_source(row))
        totals[part] = row.total
    return {part: Sources(tuple(items), totals[part]) for part, items in found.items()}


def proposals(plan: Plan, wanted: Wanted, *, after: str | None = None) -> paging.Page:
    """A page of the public proposals of the percorso, in the order of their codes, with where each went."""
    page = paging.page(_asked_for(plan, wanted), (paging.Order(said.c.id),), after=after, size=PAGE)
    ids = [values[0] for values in page.items]
    places, heirs = places_of(contributions=ids), inherited.heirs_of(ids)
    return paging.Page([_traced(values, places, heirs) for values in page.items], page.next)


def every_proposal(plan: Plan) -> list[Traced]:
    """All public proposals of the percorso, in the order of their codes, with where each went: three queries."""
    places, heirs = places_of(plan=plan), inherited.heirs_of()
    return [_traced(row, places, heirs) for row in db.session.execute(_asked_for(plan, Wanted()).order_by(said.c.id))]


def results(plan: Plan) -> list[TracedResult]:
    """The public results of the activities of the percorso, and where each went: two queries."""
    rows = db.session.execute(
        sa.select(sheet.c.id, activity.c.id.label("activity_id"), activity.c.title)
        .join(activity, activity.c.id == sheet.c.activity_id)
        .where(public_result(), activity.c.id.in_(activities_of(plan))).order_by(sheet.c.id)).all()
    places = places_of(sheets=[row.id for row in rows])
    return [TracedResult(activity_id=row.activity_id, title=row.title, places=tuple(places.get(("result", row.id), ())))
            for row in rows]


def places_of(*, contributions: Sequence[int] = (), sheets: Sequence[int] = (), plan: Plan | None = None
              ) -> Mapping[tuple[str, int], list[Place]]:
    """Where contributions and results went, by ("contribution", id) and ("result", id), in one query.

    Those of these ids, or with `plan` all that went into it.
    """
    wanted = sa.select(TraceLink.id, TraceLink.contribution_id, TraceLink.result_sheet_id, TraceLink.relation,
                       TraceLink.reason, TraceLink.section_id, TraceLink.action_id, TraceLink.created_at,
                       TraceLink.paragraph_id,
                       sa.func.coalesce(Section.code, Action.code).label("code"),
                       sa.func.coalesce(Section.title, Action.title).label("title"),
                       ).outerjoin(Section, Section.id == TraceLink.section_id
                                   ).outerjoin(Action, Action.id == TraceLink.action_id)
    if plan is not None:
        wanted = wanted.outerjoin(Objective, Objective.id == Action.objective_id).outerjoin(
            Axis, Axis.id == Objective.axis_id).where(
                sa.or_(Section.plan_id == plan.id, Axis.process_id == plan.process_id))
    else:
        wanted = wanted.where(sa.or_(TraceLink.contribution_id.in_(contributions),
                                     TraceLink.result_sheet_id.in_(sheets)))
    found: defaultdict[tuple[str, int], list[Place]] = defaultdict(list)
    for row in db.session.execute(wanted.order_by(TraceLink.id)) if contributions or sheets or plan else ():
        end = ("contribution", row.contribution_id) if row.contribution_id else ("result", row.result_sheet_id or 0)
        found[end].append(Place(link_id=row.id, relation=row.relation, reason=row.reason, code=row.code,
                                title=row.title, section_id=row.section_id, action_id=row.action_id,
                                linked_at=row.created_at, paragraph_id=row.paragraph_id))
    return found


def _asked_for(plan: Plan, wanted: Wanted) -> sa.Select[Any]:
    linked = sa.exists().where(link.c.contribution_id == said.c.id)
    of = inherited.heirs()
    verdict = inherited.standing(outcome.c.verdict, of)
    conditions = [public_proposals(plan)]
    if wanted.undecided:
        conditions.append(sa.or_(verdict.is_(None), verdict == Verdict.UNDER_REVIEW))
    if wanted.answered:
        conditions.append(verdict != Verdict.UNDER_REVIEW)
    if wanted.decided is not None:
        conditions.append(verdict == wanted.decided)
    if wanted.text:
        conditions.append(sa.or_(said.c.code == wanted.text.upper()[:24],
                                 proposal.c.title.icontains(wanted.text, autoescape=True)))
    if wanted.traced is not None:
        conditions.append(went_somewhere() if wanted.traced else ~went_somewhere())
    if wanted.section_id is not None:
        conditions.append(linked.where(link.c.section_id == wanted.section_id))
    if wanted.action_id is not None:
        conditions.append(linked.where(link.c.action_id == wanted.action_id))
    if wanted.axis_id is not None:
        conditions.append(proposal.c.axis_id == wanted.axis_id if wanted.axis_id else proposal.c.axis_id.is_(None))
    if wanted.activity_id is not None:
        conditions.append(said.c.activity_id == wanted.activity_id)
    return (
        sa.select(said.c.id, said.c.code, proposal.c.title, said.c.language, organisation.c.name, municipality.c.name,
                  proposal.c.axis_id, said.c.support_count, said.c.comment_count, verdict.label("verdict"),
                  outcome.c.reasons, outcome.c.decided_by, outcome.c.act, outcome.c.decided_on)
        .select_from(said.join(proposal, proposal.c.id == said.c.id)
                     .outerjoin(organisation, organisation.c.id == said.c.organisation_id)
                     .outerjoin(municipality, municipality.c.id == said.c.municipality_id)
                     .outerjoin(outcome, outcome.c.contribution_id == said.c.id)
                     .outerjoin(of, of.c.proposal_id == said.c.id))
        .where(*conditions))


def _traced(values: Sequence[Any], places: Mapping[tuple[str, int], list[Place]],
            heirs: Mapping[int, list[inherited.Heir]]) -> Traced:
    (id, code, title, language, speaks, lives, axis_id, supports, comments, verdict, reasons, decided_by, act,
     decided_on) = values[:14]
    return Traced(id=id, code=code, title=title, language=language, voice=Voice(speaks, lives), axis_id=axis_id,
                  supports=supports, comments=comments, verdict=verdict, reasons=reasons or "",
                  decided_by=", ".join(part for part in (decided_by, act) if part), decided_on=decided_on,
                  heirs=tuple(heir.code for heir in heirs.get(id, ())),
                  places=tuple(places.get(("contribution", id), ())))


def _source(row: Any) -> Source:
    title = row.activity or row.measured
    return Source(link_id=row.id, relation=row.relation, reason=row.reason, code=row.code or "",
                  title=title or called(row), voice=None if title else Voice(row.organisation, row.municipality),
                  verdict=row.verdict, activity_id=row.activity_id, indicator=row.indicator or "",
                  paragraph_id=row.paragraph_id)
