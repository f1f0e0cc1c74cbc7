"""What links of the trace begin and end in: how each is called in forms and addresses, and what there is to choose."""

from collections.abc import Sequence
from typing import NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.analysis.models import Indicator
from consult.contributions.models import Contribution
from consult.core import richtext
from consult.core.db import db
from consult.meetings.models import Minutes
from consult.pact.models import Commitment, Pact
from consult.planning import queries
from consult.planning.models import Action, Objective, Paragraph, Plan, Section, TraceLink
from consult.planning.said import commitment, pact, public_commitment
from consult.planning.tracing import Source, Target, process_of
from consult.processes.models import Axis
from consult.results.models import ResultSheet

_SOURCES = {"c": Contribution, "r": ResultSheet, "i": Indicator, "v": Minutes}


def source_called(plan: Plan, ref: str) -> Source | None:
    """What is called so in forms and addresses, of this percorso only.

    "c12" is a contribution, "r3" are results, "i5" is an indicator, "v2" are minutes, "a3" is an action of the plan.
    """
    number = _number(ref)
    if number is None or ref[:1] == "a":
        return queries.action_of(plan, number) if number is not None else None
    model = _SOURCES.get(ref[:1])
    found = cast("Source | None", db.session.get(model, number) if model else None)
    return found if found is not None and process_of(found) == plan.process_id else None


def target_called(plan: Plan, ref: str) -> Section | Action | None:
    """The part of the plan that is called so in forms and addresses: "s12" is a section, "a3" an action."""
    number = _number(ref)
    if number is None or ref[:1] not in ("s", "a"):
        return None
    return queries.section_of(plan, number) if ref[:1] == "s" else queries.action_of(plan, number)


def end_called(plan: Plan, ref: str) -> Target | None:
    """The same, "p7" for a paragraph and "k4" for a commitment of the pact: what a link can end in."""
    number = _number(ref)
    if number is not None and ref[:1] == "p":
        return queries.paragraph_of(plan, number)
    if number is not None and ref[:1] == "k":
        return db.session.scalar(sa.select(Commitment).join(Pact).where(
            Commitment.id == number, Pact.process_id == plan.process_id).options(joinedload(Commitment.pact)))
    return target_called(plan, ref)


def _number(ref: str) -> int | None:
    number = ref[1:]
    return int(number) if number.isdecimal() and number.isascii() and len(number) <= 9 else None


def parts(plan: Plan) -> list[tuple[str, str]]:
    """Every section and action of the plan, as (ref, code and title), in the order in which it is read."""
    sections = db.session.execute(sa.select(Section.id, Section.code, Section.title).where(Section.plan_id == plan.id)
                                  .order_by(Section.position, Section.id))
    actions = db.session.execute(
        sa.select(Action.id, Action.code, Action.title).join(Objective).join(Axis)
        .where(Axis.process_id == plan.process_id)
        .order_by(Axis.position, Objective.position, Action.position, Action.id))
    return ([(f"s{row.id}", f"{row.code} · {row.title}") for row in sections]
            + [(f"a{row.id}", f"{row.code} · {row.title}") for row in actions])


class Promised(NamedTuple):
    """A commitment of the pact, as the other parts are chosen, and by what its page is found."""

    ref: str
    label: str
    pact: str
    code: str


def commitments(plan: Plan, *, drafts: bool = False) -> list[Promised]:
    """The commitments of the pact of the percorso; with `drafts` also those that are not public yet."""
    wanted = (sa.select(commitment.c.id, commitment.c.code, commitment.c.title, pact.c.slug)
              .join(pact, pact.c.id == commitment.c.pact_id).where(pact.c.process_id == plan.process_id))
    rows = db.session.execute((wanted if drafts else wanted.where(public_commitment()))
                              .order_by(commitment.c.position, commitment.c.id))
    return [Promised(f"k{row.id}", f"{row.code} · {row.title}", row.slug, row.code) for row in rows]


def all_parts(plan: Plan) -> list[tuple[str, str]]:
    """All that something can be linked to, drafts too: sections, actions, commitments."""
    return [*parts(plan), *(one[:2] for one in commitments(plan, drafts=True))]


def paragraphs(plan: Plan, *, section_id: int | None = None) -> list[tuple[int, str, str]]:
    """The paragraphs that say something, of one section or of all: section, ref and how each begins."""
    rows = sa.select(Paragraph).join(Section).where(Section.plan_id == plan.id, Paragraph.removed_at.is_(None))
    if section_id is not None:
        rows = rows.where(Section.id == section_id)
    return [(one.section_id, f"p{one.id}", richtext.excerpt(one.text, 110)) for one in db.session.scalars(
        rows.order_by(Section.position, Section.id, Paragraph.position, Paragraph.id)) if one.says_something]


def link_of(plan: Plan, id: int) -> TraceLink | None:
    """A link to a part of this plan, or to a commitment of the pact of its percorso."""
    found = db.session.scalar(sa.select(TraceLink).where(TraceLink.id == id).options(
        joinedload(TraceLink.section), joinedload(TraceLink.commitment).joinedload(Commitment.pact),
        joinedload(TraceLink.action).joinedload(Action.objective).joinedload(Objective.axis)))
    part = end_of(found) if found else None
    return found if part is not None and part.process_id == plan.process_id else None


def end_of(link: TraceLink) -> Section | Action | Commitment:
    """What a link ends in; where it is a paragraph, the section of it."""
    return cast("Section | Action | Commitment", link.section or link.action or link.commitment)


def latest_links(plan: Plan, how_many: int) -> Sequence[TraceLink]:
    """The links to parts of this plan and to commitments that were made last, with both ends."""
    actions = sa.select(Action.id).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
    sections = sa.select(Section.id).where(Section.plan_id == plan.id)
    promised = sa.select(commitment.c.id).join(pact, pact.c.id == commitment.c.pact_id).where(
        pact.c.process_id == plan.process_id)
    ends = (TraceLink.contribution, TraceLink.indicator, TraceLink.section, TraceLink.carried_action)
    return db.session.scalars(
        sa.select(TraceLink).where(sa.or_(TraceLink.section_id.in_(sections), TraceLink.action_id.in_(actions),
                                          TraceLink.commitment_id.in_(promised)))
        .options(*(joinedload(end) for end in ends), joinedload(TraceLink.action),
                 joinedload(TraceLink.commitment).joinedload(Commitment.pact),
                 joinedload(TraceLink.minutes).joinedload(Minutes.meeting),
                 joinedload(TraceLink.result_sheet).joinedload(ResultSheet.activity))
        .order_by(TraceLink.id.desc()).limit(how_many)).all()
