"""Finding what can be linked to the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.analysis.models import Indicator
from consult.contributions.models import State
from consult.core.db import db
from consult.core.languages import Localized
from consult.meetings.models import Minutes
from consult.planning.models import Action, Objective, Plan
from consult.planning.said import (
    Voice,
    activities_of,
    activity,
    called,
    indicator,
    meeting,
    minutes,
    outcome,
    proposal,
    public_minutes,
    public_result,
    said,
    sheet,
    went_somewhere,
    with_words,
    words,
)
from consult.planning.tracing import Source
from consult.processes.models import Axis
from consult.results.models import ResultSheet, Verdict

FOUND = 20
"""Contributions that a search shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that can be linked; `ref` names it in forms and addresses."""

    ref: str
    code: str
    title: Localized
    voice: Voice | None

    @property
    def kind(self) -> str:
        """The letter of what it is: a contribution, results, an indicator, minutes, an action."""
        return self.ref[:1]


def candidates(plan: Plan, text: str) -> list[Candidate]:
    """What can be linked to the plan and is called so: a code, or words of a title; results by their activity, minutes
    by their meeting.

    The first twenty contributions, indicators, and actions for commitments to carry out, where something is asked for;
    else all results and minutes.
    """
    found: list[Candidate] = []
    if text:
        named = sa.or_(said.c.code == text.upper()[:24], proposal.c.title.icontains(text, autoescape=True))
        found = [_candidate(row) for row in db.session.execute(
            sa.select(said.c.id, *words()).select_from(with_words(said))
            .where(said.c.state == State.PUBLISHED, said.c.activity_id.in_(activities_of(plan)), named)
            .order_by(said.c.id).limit(FOUND))]
    sheets = db.session.execute(
        sa.select(sheet.c.id, activity.c.title).join(activity, activity.c.id == sheet.c.activity_id)
        .where(activity.c.id.in_(activities_of(plan)), public_result()).order_by(sheet.c.id))
    indicators = db.session.execute(
        sa.select(indicator.c.id, indicator.c.title).where(indicator.c.process_id == plan.process_id)
        .order_by(indicator.c.position, indicator.c.id)) if text else ()
    others = [Candidate(ref=f"{kind}{row.id}", code="", title=row.title, voice=None)
              for kind, rows in (("r", sheets), ("v", _minutes(plan)), ("i", indicators)) for row in rows]
    return [*found, *(one for one in others if text.casefold() in str(one.title).casefold()),
            *(_actions(plan, text) if text else ())]


def _minutes(plan: Plan) -> Iterable[Any]:
    """The public minutes of the percorso, each called as its meeting."""
    return db.session.execute(
        sa.select(minutes.c.id, meeting.c.title).join(meeting, meeting.c.id == minutes.c.meeting_id)
        .where(public_minutes(), meeting.c.id.in_(activities_of(plan))).order_by(minutes.c.id))


def _actions(plan: Plan, text: str) -> Iterable[Candidate]:
    """The actions of the plan that have this code or these words in their title."""
    named = sa.or_(Action.code == text.upper()[:16], Action.title.icontains(text, autoescape=True))
    return [Candidate(ref=f"a{row.id}", code=row.code, title=Localized.of(row.title), voice=None)
            for row in db.session.execute(
                sa.select(Action.id, Action.code, Action.title).join(Objective).join(Axis)
                .where(Axis.process_id == plan.process_id, named).order_by(Action.id).limit(FOUND))]


def waiting(plan: Plan) -> list[Candidate]:
    """What was accepted, in whole or in part, and is linked nowhere yet, the most supported first; and all results
    and minutes.
    """
    rows = db.session.execute(
        sa.select(said.c.id, *words())
        .select_from(with_words(said).join(outcome, outcome.c.contribution_id == said.c.id))
        .where(said.c.state == State.PUBLISHED, said.c.activity_id.in_(activities_of(plan)), ~went_somewhere(),
               outcome.c.verdict.in_([Verdict.ACCEPTED, Verdict.PARTLY]))
        .order_by(said.c.support_count.desc(), said.c.id).limit(FOUND))
    return [*(_candidate(row) for row in rows), *candidates(plan, "")]


def candidate(source: Source) -> Candidate:
    """One thing to be linked, as `candidates` shows it."""
    if isinstance(source, Indicator):
        return Candidate(ref=f"i{source.id}", code="", title=source.title, voice=None)
    if isinstance(source, Minutes):
        return Candidate(ref=f"v{source.id}", code="", title=source.title, voice=None)
    if isinstance(source, Action):
        return Candidate(ref=f"a{source.id}", code=source.code, title=Localized.of(source.title), voice=None)
    if isinstance(source, ResultSheet):
        return Candidate(ref=f"r{source.id}", code="", title=source.activity.title, voice=None)
    return _candidate(db.session.execute(
        sa.select(said.c.id, *words()).select_from(with_words(said)).where(said.c.id == source.id)).one())


def _candidate(row: Any) -> Candidate:
    return Candidate(ref=f"c{row.id}", code=row.code, title=called(row),
                     voice=Voice(row.organisation, row.municipality))
