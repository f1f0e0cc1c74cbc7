"""The plan as a whole and by its parts, each in a number of queries that does not grow with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from consult.contributions.models import Thread
from consult.core import richtext
from consult.core.db import db
from consult.planning import blocks, rows, trace
from consult.planning.blocks import Fault, Shown
from consult.planning.coverage import Coverage, coverage
from consult.planning.models import Action, DraftConsultation, Objective, Paragraph, Plan, Section, TraceLink
from consult.processes.models import Activity, Axis, Phase, Process


@dataclass(frozen=True)
class SectionPart:
    """A section with the paragraphs that stand in it and what it comes from."""

    section: Section
    paragraphs: Sequence[Paragraph]
    sources: trace.Sources


@dataclass(frozen=True)
class ActionPart:
    """An action with what it comes from."""

    action: Action
    sources: trace.Sources


@dataclass(frozen=True)
class ObjectivePart:
    """An objective with its actions."""

    objective: Objective
    actions: Sequence[ActionPart]


@dataclass(frozen=True)
class AxisPart:
    """An axis with its objectives."""

    axis: Axis
    objectives: Sequence[ObjectivePart]


@dataclass(frozen=True)
class Whole:
    """The plan with all its parts, in the order in which it is read."""

    plan: Plan
    sections: Sequence[SectionPart]
    axes: Sequence[AxisPart]
    removed: Sequence[Paragraph]
    """Paragraphs that somebody commented and that the text no longer contains."""
    coverage: Coverage
    blocks: Mapping[str, Shown]
    """What the lines in double braces stand for, each by the line."""

    @property
    def faults(self) -> list[tuple[str, Fault]]:
        """The lines in double braces that stand for nothing, each with what its part is called."""
        texts = [(part.section.title, part.section.body) for part in self.sections]
        needs = [(f"{part.action.code} {part.action.title}", part.action.need) for part in self.actions]
        return blocks.faults([(title, text) for title, text in (*texts, *needs) if "{{" in text], self.blocks)

    @property
    def actions(self) -> list[ActionPart]:
        return [part for axis in self.axes for objective in axis.objectives for part in objective.actions]


def by_slug(slug: str) -> Plan | None:
    """A plan by the name in its address, with its percorso and authority."""
    return db.session.scalar(sa.select(Plan).where(Plan.slug == slug).options(
        joinedload(Plan.process).joinedload(Process.authority)))


def of_process(process_id: int) -> Plan | None:
    """The plan of a percorso."""
    return db.session.scalar(sa.select(Plan).where(Plan.process_id == process_id).options(joinedload(Plan.process)))


def whole(plan: Plan, *, sources_each: int | None = None, sheets: bool = True) -> Whole:
    """The plan with all its parts, their sources and the coverage, in twelve queries and those of its blocks.

    With `sources_each`, only the first sources of every part; the totals are whole. Without `sheets`, actions as they
    are seen at a glance: a query less.
    """
    sections, standing, removed = _sections(plan)
    axes = db.session.scalars(sa.select(Axis).where(Axis.process_id == plan.process_id)
                              .order_by(Axis.position, Axis.id)).all()
    objectives = db.session.scalars(sa.select(Objective).where(Objective.axis_id.in_([axis.id for axis in axes]))
                                    .order_by(Objective.position, Objective.id)).all()
    actions = db.session.scalars(
        sa.select(Action).where(Action.objective_id.in_([objective.id for objective in objectives]))
        .order_by(Action.position, Action.id)).all()
    if sheets:
        rows.fetch(actions)
    found = trace.sources([section.id for section in sections], [action.id for action in actions], each=sources_each)
    return Whole(
        plan,
        [SectionPart(section, standing[section.id], found.get(("section", section.id), trace.Sources()))
         for section in sections],
        _axes(axes, objectives, actions, found), removed, coverage(plan),
        blocks.shown(plan, _typed(sections, standing, actions if sheets else ())))


def _typed(sections: Sequence[Section], standing: Mapping[int, Sequence[Paragraph]],
           actions: Sequence[Action]) -> list[str]:
    """The lines in double braces of the sections and of the needs of actions."""
    texts = [*(section.body for section in sections), *(action.need for action in actions)]
    return [*(paragraph.text.strip() for paragraphs in standing.values() for paragraph in paragraphs
              if richtext.embeds(paragraph.text)),
            *(line for text in texts if "{{" in text for line in blocks.lines(text))]


def _sections(plan: Plan) -> tuple[Sequence[Section], Mapping[int, list[Paragraph]], list[Paragraph]]:
    """The sections of a plan, the paragraphs that stand in each, and those that were removed after comments."""
    sections = db.session.scalars(sa.select(Section).where(Section.plan_id == plan.id)
                                  .order_by(Section.position, Section.id)).all()
    paragraphs = db.session.scalars(
        sa.select(Paragraph).where(Paragraph.section_id.in_([section.id for section in sections]))
        .options(joinedload(Paragraph.thread)).order_by(Paragraph.position, Paragraph.id)).all()
    standing, removed = defaultdict(list), []
    for paragraph in paragraphs:
        if paragraph.removed_at is None:
            standing[paragraph.section_id].append(paragraph)
        elif paragraph.thread is not None and paragraph.thread.comment_count:
            removed.append(paragraph)
    return sections, standing, removed


def _axes(axes: Sequence[Axis], objectives: Sequence[Objective], actions: Sequence[Action],
          found: dict[tuple[str, int], trace.Sources]) -> list[AxisPart]:
    of_objective, of_axis = defaultdict(list), defaultdict(list)
    for action in actions:
        of_objective[action.objective_id].append(
            ActionPart(action, found.get(("action", action.id), trace.Sources())))
    for objective in objectives:
        of_axis[objective.axis_id].append(ObjectivePart(objective, of_objective[objective.id]))
    return [AxisPart(axis, of_axis[axis.id]) for axis in axes]


def section_of(plan: Plan, id: int) -> Section | None:
    """A section of this plan."""
    return db.session.scalar(sa.select(Section).where(Section.id == id, Section.plan_id == plan.id))


def objective_of(plan: Plan, id: int) -> Objective | None:
    """An objective of this plan."""
    return db.session.scalar(sa.select(Objective).join(Axis).where(
        Objective.id == id, Axis.process_id == plan.process_id).options(joinedload(Objective.axis)))


def axis_of(plan: Plan, id: int) -> Axis | None:
    """An axis of this plan."""
    return db.session.scalar(sa.select(Axis).where(Axis.id == id, Axis.process_id == plan.process_id))


def action_of(plan: Plan, id: int) -> Action | None:
    """An action of this plan."""
    return db.session.scalar(_actions(plan).where(Action.id == id))


def action_called(plan: Plan, code: str) -> tuple[Action, bool] | None:
    """An action of this plan by its code, in capitals or not, and whether any commitment carries it out."""
    carried = sa.exists().where(TraceLink.carried_action_id == Action.id).label("carried")
    found = db.session.execute(_actions(plan).add_columns(carried).where(
        sa.func.lower(Action.code) == code.lower()[:16]).limit(1)).first()
    return (found[0], found[1]) if found else None


def _actions(plan: Plan) -> sa.Select[Action]:
    return (sa.select(Action).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
            .options(joinedload(Action.objective).joinedload(Objective.axis)).order_by(Action.id))


def paragraph_of(plan: Plan, id: int) -> Paragraph | None:
    """A paragraph that stands in the text of this plan."""
    return db.session.scalar(sa.select(Paragraph).join(Section).where(
        Paragraph.id == id, Section.plan_id == plan.id, Paragraph.removed_at.is_(None))
        .options(joinedload(Paragraph.section)))


def paragraph(id: int) -> Paragraph | None:
    """A paragraph with its place in the plan, and its thread with all that decides whether it can be commented."""
    return db.session.scalars(
        sa.select(Paragraph).where(Paragraph.id == id).options(
            joinedload(Paragraph.section).joinedload(Section.plan).joinedload(Plan.process),
            joinedload(Paragraph.thread).joinedload(Thread.activity).joinedload(Activity.phase)
            .joinedload(Phase.process).joinedload(Process.blackouts))).unique().first()


def neighbours(paragraph: Paragraph) -> tuple[int | None, int | None]:
    """The ids of the paragraphs before and after one in its section."""
    ids = list(db.session.scalars(
        sa.select(Paragraph.id).where(Paragraph.section_id == paragraph.section_id, Paragraph.removed_at.is_(None))
        .order_by(Paragraph.position, Paragraph.id)))
    if paragraph.id not in ids:
        return None, None
    here = ids.index(paragraph.id)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


def consultation(id: int) -> DraftConsultation | None:
    """A consultation with its plan and all that decides whether it takes comments."""
    return db.session.scalars(
        sa.select(DraftConsultation).where(DraftConsultation.id == id).options(
            joinedload(DraftConsultation.plan), *_phase())).unique().first()


def consultation_of(plan: Plan) -> DraftConsultation | None:
    """The latest public consultation on the draft of this plan."""
    return db.session.scalars(
        sa.select(DraftConsultation).where(DraftConsultation.plan_id == plan.id, DraftConsultation.published.is_(True))
        .options(*_phase()).order_by(DraftConsultation.opens_at.desc()).limit(1)).unique().first()


def _phase() -> list[LoaderOption]:
    """What decides whether a consultation takes comments."""
    return [joinedload(DraftConsultation.phase).joinedload(Phase.process).joinedload(Process.blackouts)]


def commentable(plan: Plan) -> list[SectionPart]:
    """The sections with their paragraphs and how often each was commented."""
    sections, standing, _removed = _sections(plan)
    return [SectionPart(section, standing[section.id], trace.Sources()) for section in sections]
