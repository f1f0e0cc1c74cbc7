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
from consult.planning.models import Action, Objective, Plan, Relation, Section
from consult.planning.said import (
    Voice,
    activities_of,
    activity,
    called,
    carried,
    commitment,
    indicator,
    link,
    meeting,
    minutes,
    municipality,
    organisation,
    outcome,
    pact,
    proposal,
    public_commitment,
    public_minutes,
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
    """What a part of the plan or of the pact comes from: a contribution with its code, the results of an activity, an
    indicator, the minutes of a meeting; or, for a commitment, the action that it carries out.
    """

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
    meeting_id: int | None = None
    """For minutes, the meeting they are of."""
    action: str = ""
    """For an action, its code."""
    paragraph_id: int | None = None
    """The paragraph of the section that is meant, where one is."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The first sources of a part of the plan, and how many there are."""

    items: tuple[Source, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the plan or in the pact something went, how and why."""

    link_id: int
    relation: Relation
    reason: str
    code: str
    title: str
    section_id: int | None
    action_id: int | None
    linked_at: datetime
    paragraph_id: int | None = None
    commitment_id: int | None = None
    pact: str = ""
    """For a commitment, the slug of its pact."""


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
    commitment_id: int | None = None
    axis_id: int | None = None
    """The theme they belong to; 0 for those that belong to none."""
    activity_id: int | None = None


def sources(section_ids: Iterable[int], action_ids: Iterable[int], commitment_ids: Iterable[int] = (), *,
            each: int | None = None) -> dict[tuple[str, int], Sources]:
    """What these parts of the plan, and commitments of the pact, come from, by ("section", id), ("action", id) and
    ("commitment", id), in one query.

    With `each`, only so many of every part; the totals are whole. What is hidden by now is left out.
    """
    part_of = (link.c.section_id, link.c.action_id, link.c.commitment_id)
    wanted = (list(section_ids), list(action_ids), list(commitment_ids))
    linked = link.outerjoin(said, said.c.id == link.c.contribution_id)
    ranked = (
        sa.select(link.c.id, *part_of, link.c.paragraph_id, link.c.relation, link.c.reason,
                  *words(), outcome.c.verdict, activity.c.id.label("activity_id"), activity.c.title.label("activity"),
                  indicator.c.code.label("indicator"), indicator.c.title.label("measured"),
                  meeting.c.id.label("meeting_id"), meeting.c.title.label("meeting"),
                  carried.c.code.label("carried"), carried.c.title.label("carries_out"),
                  sa.func.row_number().over(partition_by=part_of, order_by=link.c.id).label("place"),
                  sa.func.count().over(partition_by=part_of).label("total"))
        .select_from(with_words(linked).outerjoin(outcome, outcome.c.contribution_id == said.c.id)
                     .outerjoin(sheet, sheet.c.id == link.c.result_sheet_id)
                     .outerjoin(activity, activity.c.id == sheet.c.activity_id)
                     .outerjoin(indicator, indicator.c.id == link.c.indicator_id)
                     .outerjoin(minutes, minutes.c.id == link.c.minutes_id)
                     .outerjoin(meeting, meeting.c.id == minutes.c.meeting_id)
                     .outerjoin(carried, carried.c.id == link.c.carried_action_id))
        .where(sa.or_(*(column.in_(ids) for column, ids in zip(part_of, wanted, strict=True) if ids), sa.false()),
               sa.or_(said.c.state == State.PUBLISHED, public_result(), indicator.c.id.is_not(None), public_minutes(),
                      carried.c.id.is_not(None)))
        .subquery())
    first = sa.select(ranked).where(ranked.c.place <= each) if each is not None else sa.select(ranked)
    found: defaultdict[tuple[str, int], list[Source]] = defaultdict(list)
    totals: dict[tuple[str, int], int] = {}
    for row in db.session.execute(first.order_by(ranked.c.id)):
        part = next((name, id) for name, id in (("section", row.section_id), ("action", row.action_id),
                                                ("commitment", row.commitment_id)) if id)
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


def places_of(*, contributions: Sequence[int] = (), sheets: Sequence[int] = (), minutes_ids: Sequence[int] = (),
              actions: Sequence[int] = (), plan: Plan | None = None) -> Mapping[tuple[str, int], list[Place]]:
    """Where contributions, results and minutes went, and which commitments carry out actions, in one query.

    By ("contribution", id), ("result", id), ("minutes", id) and ("action", id): of these ids, or with `plan` all that
    went into it. Commitments that are not public are left out.
    """
    asked = {"contribution": (link.c.contribution_id, contributions), "result": (link.c.result_sheet_id, sheets),
             "minutes": (link.c.minutes_id, minutes_ids), "action": (link.c.carried_action_id, actions)}
    if plan is None and not any(ids for _column, ids in asked.values()):
        return {}
    wanted = (
        sa.select(*(column.label(name) for name, (column, _ids) in asked.items()), link.c.id, link.c.relation,
                  link.c.reason, link.c.section_id, link.c.action_id, link.c.commitment_id, link.c.created_at,
                  link.c.paragraph_id, pact.c.slug.label("pact"),
                  sa.func.coalesce(Section.code, Action.code, commitment.c.code).label("code"),
                  sa.func.coalesce(Section.title, Action.title, commitment.c.title).label("title"))
        .select_from(link.outerjoin(Section, Section.id == link.c.section_id)
                     .outerjoin(Action, Action.id == link.c.action_id)
                     .outerjoin(commitment, commitment.c.id == link.c.commitment_id)
                     .outerjoin(pact, pact.c.id == commitment.c.pact_id))
        .where(sa.or_(link.c.commitment_id.is_(None), public_commitment())))
    if plan is not None:
        actions_of = sa.select(Action.id).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
        wanted = wanted.where(sa.or_(Section.plan_id == plan.id, link.c.action_id.in_(actions_of),
                                     pact.c.process_id == plan.process_id))
    else:
        wanted = wanted.where(sa.or_(*(column.in_(ids) for column, ids in asked.values() if ids)))
    found: defaultdict[tuple[str, int], list[Place]] = defaultdict(list)
    for row in db.session.execute(wanted.order_by(link.c.id)):
        for name in asked:
            if id := getattr(row, name):
                found[name, id].append(Place(
                    link_id=row.id, relation=row.relation, reason=row.reason, code=row.code, title=row.title,
                    section_id=row.section_id, action_id=row.action_id, linked_at=row.created_at,
                    paragraph_id=row.paragraph_id, commitment_id=row.commitment_id, pact=row.pact or ""))
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
    ends = ((link.c.section_id, wanted.section_id), (link.c.action_id, wanted.action_id),
            (link.c.commitment_id, wanted.commitment_id))
    conditions += [linked.where(column == id) for column, id in ends if id is not None]
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
    title = row.activity or row.measured or row.meeting or (Localized.of(row.carries_out) if row.carried else None)
    return Source(link_id=row.id, relation=row.relation, reason=row.reason, code=row.code or "",
                  title=title or called(row), voice=None if title else Voice(row.organisation, row.municipality),
                  verdict=row.verdict, activity_id=row.activity_id, indicator=row.indicator or "",
                  meeting_id=row.meeting_id, action=row.carried or "", paragraph_id=row.paragraph_id)
