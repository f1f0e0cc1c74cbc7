"""What is missing either way: what was said and has no outcome, and what of the plan says of no source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.core import paging, richtext
from consult.core.db import db
from consult.planning.coverage import sourced
from consult.planning.models import Action, Objective, Paragraph, Plan, Section
from consult.planning.said import activities_of, commitment, link, pact, public_commitment, said
from consult.processes.models import Axis
from consult.results import awaited, owed
from consult.results.awaited import STANDINGS, Standing


@dataclass(frozen=True)
class Owed:
    """Of a kind of contribution: how many are public, how many have an outcome, and of how many it is decided."""

    all: int
    answered: int
    """Neither without an outcome nor still under review."""
    decided: int

    @property
    def unanswered(self) -> int:
        return self.all - self.answered


@dataclass(frozen=True)
class Part:
    """A part of the plan that says of no source; `ref` names it in forms and addresses."""

    ref: str
    code: str
    words: str
    section_id: int | None = None
    pact: str = ""
    """For a commitment, the slug of its pact."""


@dataclass(frozen=True)
class Gaps:
    """Everything that is missing from the plan to what was said, and how much there is of each."""

    sections: Sequence[Part]
    paragraphs: Sequence[Part]
    actions: Sequence[Part]
    all_sections: int
    all_paragraphs: int
    """Those that say something: headings and what a line in braces stands for are none."""
    all_actions: int
    commitments: Sequence[Part]
    all_commitments: int
    uncarried: Sequence[Part]
    """Actions that no public commitment of the pact carries out; none where there is no public pact."""


def answers(plan: Plan) -> Mapping[str, Owed]:
    """By the kind of what was said: how much of it is answered, in one query. What was merged or split is left out."""
    standing = sa.case(*((condition, name.value) for name, condition in STANDINGS.items()))
    each = (sa.select(said.c.kind, standing.label("standing")).select_from(owed.with_kinds())
            .where(owed.owed_in(plan.process), said.c.activity_id.in_(activities_of(plan))).subquery())
    found: dict[str, dict[Standing, int]] = {}
    rows = sa.select(each.c.kind, each.c.standing, sa.func.count()).group_by(each.c.kind, each.c.standing)
    for kind, name, number in db.session.execute(rows.order_by(each.c.kind.desc())):
        found.setdefault(kind, dict.fromkeys(Standing, 0))[Standing(name)] = number
    return {kind: Owed(sum(many.values()), many[Standing.PROPOSED] + many[Standing.DECIDED], many[Standing.DECIDED])
            for kind, many in found.items()}


def unanswered(plan: Plan, kind: str, after: str | None) -> paging.Page:
    """A page of what everybody can read and has no outcome, or only one that says that it will follow."""
    return awaited.page(plan.process, awaited.Wanted(kind=kind, unanswered=True, public=True), after=after)


def gaps(plan: Plan) -> Gaps:
    """The parts of the plan without a source, and its actions that nobody has committed to: four queries."""
    sections = db.session.execute(
        sa.select(Section.id, Section.code, Section.title, sourced(link.c.section_id == Section.id).label("sourced"))
        .where(Section.plan_id == plan.id).order_by(Section.position, Section.id)).all()
    actions = db.session.execute(
        sa.select(Action.id, Action.code, Action.title, sourced(link.c.action_id == Action.id).label("sourced"),
                  _carried().label("carried"))
        .join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
        .order_by(Axis.position, Objective.position, Action.position, Action.id)).all()
    promised = db.session.execute(
        sa.select(commitment.c.id, commitment.c.code, commitment.c.title, pact.c.slug,
                  sourced(link.c.commitment_id == commitment.c.id).label("sourced"))
        .join(pact, pact.c.id == commitment.c.pact_id)
        .where(public_commitment(), pact.c.process_id == plan.process_id)
        .order_by(commitment.c.position, commitment.c.id)).all()
    missing, all = paragraphs(plan)
    return Gaps(
        [Part(f"s{row.id}", row.code, row.title, row.id) for row in sections if not row.sourced], missing,
        [Part(f"a{row.id}", row.code, row.title) for row in actions if not row.sourced],
        len(sections), all, len(actions),
        [Part(f"k{row.id}", row.code, row.title, pact=row.slug) for row in promised if not row.sourced], len(promised),
        [Part(f"a{row.id}", row.code, row.title) for row in actions if promised and not row.carried])


def _carried() -> sa.ColumnElement[bool]:
    """That a public commitment of the pact carries an action out."""
    return sa.exists().where(link.c.carried_action_id == Action.id, commitment.c.id == link.c.commitment_id,
                             pact.c.id == commitment.c.pact_id, public_commitment())


def paragraphs(plan: Plan) -> tuple[list[Part], int]:
    """The paragraphs without a source, and how many there are in all: one query.

    What is linked to all of a section is a source of each of its paragraphs, too.
    """
    named = sa.or_(link.c.paragraph_id == Paragraph.id,
                   sa.and_(link.c.section_id == Paragraph.section_id, link.c.paragraph_id.is_(None)))
    rows = [row for row in db.session.execute(
        sa.select(Paragraph.id, Paragraph.section_id, Section.code, Paragraph.text, Paragraph.html,
                  sourced(named).label("sourced"))
        .join(Section, Section.id == Paragraph.section_id)
        .where(Section.plan_id == plan.id, Paragraph.removed_at.is_(None))
        .order_by(Section.position, Section.id, Paragraph.position, Paragraph.id)) if _speaks(row.html, row.text)]
    return ([Part(f"p{row.id}", row.code, richtext.excerpt(row.text, 140), row.section_id)
             for row in rows if not row.sourced], len(rows))


def _speaks(html: str, text: str) -> bool:
    """Whether a paragraph says something, and is not a heading, a rule or what a line in braces stands for."""
    return Paragraph(html=html, text=text).says_something
