"""Finding what can be linked to the plan."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Plan
from consult.planning.said import (
    WORDS,
    Voice,
    activities_of,
    activity,
    called,
    proposal,
    public_result,
    said,
    sheet,
    with_words,
)
from consult.results.models import ResultSheet

FOUND = 20
"""Contributions that a search shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that can be linked; `ref` names it in forms and addresses."""

    ref: str
    code: str
    title: Localized
    voice: Voice | None


def candidates(plan: Plan, text: str) -> list[Candidate]:
    """What can be linked to the plan and is called so: a code, or words of a title; results by their activity.

    The first twenty contributions; all results where nothing is asked for.
    """
    found: list[Candidate] = []
    if text:
        named = sa.or_(said.c.code == text.upper()[:24], proposal.c.title.icontains(text, autoescape=True))
        found = [_candidate(row) for row in db.session.execute(
            sa.select(said.c.id, *WORDS).select_from(with_words(said))
            .where(said.c.state == State.PUBLISHED, said.c.activity_id.in_(activities_of(plan)), named)
            .order_by(said.c.id).limit(FOUND))]
    sheets = db.session.execute(
        sa.select(sheet.c.id, activity.c.title).join(activity, activity.c.id == sheet.c.activity_id)
        .where(activity.c.id.in_(activities_of(plan)), public_result()).order_by(sheet.c.id))
    return found + [Candidate(ref=f"r{row.id}", code="", title=row.title, voice=None) for row in sheets
                    if text.casefold() in str(row.title).casefold()]


def candidate(source: Contribution | ResultSheet) -> Candidate:
    """One thing to be linked, as `candidates` shows it."""
    if isinstance(source, ResultSheet):
        return Candidate(ref=f"r{source.id}", code="", title=source.activity.title, voice=None)
    return _candidate(db.session.execute(
        sa.select(said.c.id, *WORDS).select_from(with_words(said)).where(said.c.id == source.id)).one())


def _candidate(row: Any) -> Candidate:
    return Candidate(ref=f"c{row.id}", code=row.code, title=called(row),
                     voice=Voice(row.organisation, row.municipality))
