"""Finding what can be linked to the plan."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.analysis.models import Indicator
from consult.contributions.models import State
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Plan
from consult.planning.said import (
    Voice,
    activities_of,
    activity,
    called,
    indicator,
    outcome,
    proposal,
    public_result,
    said,
    sheet,
    went_somewhere,
    with_words,
    words,
)
from consult.planning.tracing import Source
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
    def measured(self) -> bool:
        """True for an indicator."""
        return self.ref.startswith("i")


def candidates(plan: Plan, text: str) -> list[Candidate]:
    """What can be linked to the plan and is called so: a code, or words of a title; results by their activity.

    The first twenty contributions, and indicators, where something is asked for; else all results.
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
              for kind, rows in (("r", sheets), ("i", indicators)) for row in rows]
    return found + [one for one in others if text.casefold() in str(one.title).casefold()]


def waiting(plan: Plan) -> list[Candidate]:
    """What was accepted, in whole or in part, and is linked nowhere yet, the most supported first; and all results."""
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
    if isinstance(source, ResultSheet):
        return Candidate(ref=f"r{source.id}", code="", title=source.activity.title, voice=None)
    return _candidate(db.session.execute(
        sa.select(said.c.id, *words()).select_from(with_words(said)).where(said.c.id == source.id)).one())


def _candidate(row: Any) -> Candidate:
    return Candidate(ref=f"c{row.id}", code=row.code, title=called(row),
                     voice=Voice(row.organisation, row.municipality))
