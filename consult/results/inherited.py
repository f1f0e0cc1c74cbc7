"""The outcome that stands for a proposal: its own or, once it was merged or split, that of what was made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from consult.contributions.models import Contribution
from consult.core.db import db, table
from consult.lineage.models import Descent
from consult.proposals.models import Proposal
from consult.results.models import Outcome, Verdict

_descent, _proposal, _own = table(Descent), table(Proposal), table(Outcome).alias("own_outcome")
_theirs = table(Outcome).alias("their_outcome")


def heirs() -> sa.Subquery:
    """For each proposal in whose place others stand: how many these are, and what was said of them.

    Columns: `proposal_id`, `heirs`, `told` (with an outcome), `answered` (not under review), `first` and `last`, the
    verdicts at the two ends of their order: equal where all are.
    """
    return (sa.select(
        _descent.c.ancestor_id.label("proposal_id"), sa.func.count().label("heirs"),
        sa.func.count(_theirs.c.id).label("told"),
        sa.func.count(sa.case((_theirs.c.verdict != Verdict.UNDER_REVIEW, 1))).label("answered"),
        sa.func.min(_theirs.c.verdict, type_=_theirs.c.verdict.type).label("first"),
        sa.func.max(_theirs.c.verdict, type_=_theirs.c.verdict.type).label("last"))
        .join(_proposal, sa.and_(_proposal.c.id == _descent.c.descendant_id, _proposal.c.replaced_at.is_(None)))
        .outerjoin(_theirs, _theirs.c.contribution_id == _descent.c.descendant_id)
        .group_by(_descent.c.ancestor_id).subquery("heirs"))


def standing(own: sa.ColumnElement[Verdict], of: sa.Subquery) -> sa.ColumnElement[Verdict]:
    """The verdict that stands, from the own one and a row of `heirs`: that of all heirs, or in part where they differ.

    None while one of them has no outcome; under review while one of them is.
    """
    kind = table(Outcome).c.verdict.type
    return sa.type_coerce(sa.case(
        (own.is_not(None), own),
        (of.c.heirs.is_(None), sa.null()),
        (of.c.told < of.c.heirs, sa.null()),
        (of.c.answered < of.c.heirs, sa.literal(Verdict.UNDER_REVIEW, kind)),
        (of.c.first == of.c.last, of.c.first),
        else_=sa.literal(Verdict.PARTLY, kind)), kind)


def with_verdict(verdict: Verdict | None) -> sa.Select[int]:
    """Selects the ids of contributions for which this outcome stands; with None, of those that have any."""
    of = heirs()
    theirs = standing(_own.c.verdict, of)
    inherited = (sa.select(of.c.proposal_id)
                 .select_from(of.outerjoin(_own, _own.c.contribution_id == of.c.proposal_id))
                 .where(_own.c.id.is_(None), theirs.is_not(None) if verdict is None else theirs == verdict))
    given = sa.select(_theirs.c.contribution_id)
    if verdict is not None:
        given = given.where(_theirs.c.verdict == verdict)
    return sa.select(sa.union_all(given, inherited).subquery().c[0])


def counted(*which: sa.ColumnElement[bool]) -> dict[Verdict | None, int]:
    """How many of these contributions have which outcome standing for them; None counts those without."""
    said, of = table(Contribution), heirs()
    verdict = standing(_own.c.verdict, of).label("verdict")
    each = (sa.select(verdict).select_from(
        said.outerjoin(_own, _own.c.contribution_id == said.c.id).outerjoin(of, of.c.proposal_id == said.c.id))
        .where(*which).subquery())
    rows = db.session.execute(sa.select(each.c.verdict, sa.func.count()).group_by(each.c.verdict))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Heir:
    """A proposal that stands in the place of another."""

    id: int
    code: str


def heirs_of(proposal_ids: Iterable[int] | None = None) -> dict[int, list[Heir]]:
    """What stands in the place of these proposals, or of all: those at the end of the line, in one query."""
    said = table(Contribution)
    rows = (sa.select(_descent.c.ancestor_id, said.c.id, said.c.code)
            .join(_proposal, sa.and_(_proposal.c.id == _descent.c.descendant_id, _proposal.c.replaced_at.is_(None)))
            .join(said, said.c.id == _proposal.c.id).order_by(said.c.id))
    if proposal_ids is not None:
        rows = rows.where(_descent.c.ancestor_id.in_(list(proposal_ids)))
    found: dict[int, list[Heir]] = {}
    for ancestor, id, code in db.session.execute(rows):
        found.setdefault(ancestor, []).append(Heir(id, code))
    return found
