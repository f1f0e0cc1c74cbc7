"""Writing the plan: its sections with their paragraphs, its state, and the consultation on its draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Thread
from consult.core import clock, events, richtext
from consult.core.db import db, hold
from consult.core.languages import Localized
from consult.planning import blocks
from consult.planning.models import (
    Action,
    DraftConsultation,
    Objective,
    Paragraph,
    Plan,
    PlanState,
    Section,
    TraceLink,
)
from consult.planning.paragraphs import successors
from consult.processes import services as processes
from consult.processes.models import Phase

Ordered = TypeVar("Ordered", Section, Objective, Action)

PASSAGES: dict[PlanState, tuple[PlanState, ...]] = {
    PlanState.DRAFT: (PlanState.IN_CONSULTATION,),
    PlanState.IN_CONSULTATION: (PlanState.PROPOSED, PlanState.DRAFT),
    PlanState.PROPOSED: (PlanState.ADOPTED, PlanState.DRAFT),
    PlanState.ADOPTED: (),
}
"""Where the plan can go from each state: onwards, or back to be written again."""


class PassageError(ValueError):
    """A state of the plan that cannot follow the present one."""


class InUseError(ValueError):
    """Something cannot be deleted because of what hangs on it."""


@dataclass(frozen=True, kw_only=True)
class PlanStateChanged(events.Event):
    plan_id: int
    before: str
    after: str
    act: str = ""
    """The number of the act, who proposed or adopted it, and the day, where there was one."""
    organ: str = ""
    dated: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanSectionAdded(events.Event):
    section_id: int


@dataclass(frozen=True, kw_only=True)
class PlanSectionEdited(events.Event):
    section_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class PlanSectionMoved(events.Event):
    section_id: int


@dataclass(frozen=True, kw_only=True)
class PlanSectionRemoved(events.Event):
    section_id: int


@dataclass(frozen=True, kw_only=True)
class DraftConsultationAdded(events.Event):
    activity_id: int


def take_to(plan: Plan, state: PlanState, actor: Person, *, edition: str, act: str = "", organ: str = "",
            dated: date | None = None) -> None:
    """Take the plan to another state, under the name of an edition, with the act where there was one.

    Raises PassageError where that state cannot follow the present one, and UnreadableBlocksError where a line of the
    plan that is to leave the desk stands for nothing; nothing is changed then.
    """
    before = plan.state
    if state not in PASSAGES[before]:
        raise PassageError(f"{before.value} cannot become {state.value}")
    if state is not PlanState.DRAFT:
        blocks.check(plan)
    plan.state, plan.edition, plan.updated_at = state, edition, clock.now()
    events.record(PlanStateChanged(
        actor_id=actor.id, plan_id=plan.id, before=before.value, after=state.value, act=act, organ=organ,
        dated=dated.isoformat() if dated else ""))


def add_section(plan: Plan, actor: Person, *, title: str, body: str) -> Section:
    """Put a new section at the end of the plan."""
    db.session.refresh(plan, ["updated_at"], with_for_update=True)  # one at a time takes the next code
    codes = set(db.session.scalars(sa.select(Section.code).where(Section.plan_id == plan.id)))
    last = db.session.scalar(sa.select(sa.func.max(Section.position)).where(Section.plan_id == plan.id)) or 0
    number = next(n for n in range(len(codes) + 1, len(codes) * 2 + 3) if f"S{n}" not in codes)
    section = Section(plan=plan, code=f"S{number}", position=last + 1, title=title, body=body)
    db.session.add(section)
    db.session.flush()
    _derive_paragraphs(section)
    plan.updated_at = clock.now()
    events.record(PlanSectionAdded(actor_id=actor.id, section_id=section.id))
    return section


def edit_section(section: Section, actor: Person, *, seen: int, title: str, body: str) -> None:
    """Change a section. Paragraphs that are unchanged or alike keep their identity and what was said about them.

    Those that are gone stay as removed where somebody commented them, and are deleted otherwise. Raises
    StaleVersionError, with nothing changed, if somebody saved after `seen`.
    """
    hold(section, seen)
    section.title, section.body = title, body
    section.version += 1
    section.updated_at = section.plan.updated_at = clock.now()
    _derive_paragraphs(section)
    events.record(PlanSectionEdited(actor_id=actor.id, section_id=section.id, version=section.version))


def move_section(section: Section, actor: Person, *, up: bool) -> bool:
    """Let a section change places with its neighbour; answers False where it has none on that side."""
    row = sa.select(Section).where(Section.plan_id == section.plan_id).order_by(Section.position, Section.id)
    if not change_places(section, row, up=up):
        return False
    events.record(PlanSectionMoved(actor_id=actor.id, section_id=section.id))
    return True


def change_places(part: Ordered, row: sa.Select[Ordered], *, up: bool) -> bool:
    """Let something change places with its neighbour in the row it belongs to; False where it has none there."""
    siblings = list(db.session.scalars(row.with_for_update()))
    here = siblings.index(part)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(siblings):
        return False
    siblings[here], siblings[there] = siblings[there], siblings[here]
    for position, each in enumerate(siblings, 1):
        each.position = position
    return True


def remove_section(section: Section, actor: Person) -> None:
    """Delete a section on which nothing hangs; raises InUseError where something does."""
    threads = [paragraph.thread_id for paragraph in section.paragraphs if paragraph.thread_id]
    linked = sa.select(TraceLink.id).where(TraceLink.section_id == section.id)
    if db.session.scalar(linked.limit(1)) is not None or _commented(threads):
        raise InUseError
    id = section.id
    _forget(section.paragraphs)
    db.session.delete(section)
    db.session.flush()
    events.record(PlanSectionRemoved(actor_id=actor.id, section_id=id))


def begin_consultation(plan: Plan, phase: Phase, actor: Person, **values: Any) -> DraftConsultation:
    """Add an activity in which the draft is commented, paragraph by paragraph.

    Raises TimetableError where its times cannot be.
    """
    consultation = processes.begin(DraftConsultation, phase, plan=plan, **values)
    give_threads(consultation)
    events.record(DraftConsultationAdded(actor_id=actor.id, activity_id=consultation.id))
    return consultation


def give_threads(consultation: DraftConsultation) -> None:
    """Let every paragraph of the plan be commented in this consultation.

    A thread of an earlier consultation goes on in this one, with what was said in it.
    """
    paragraphs = db.session.scalars(
        sa.select(Paragraph).join(Section).where(Section.plan_id == consultation.plan_id,
                                                 Paragraph.removed_at.is_(None))).all()
    earlier = [paragraph.thread_id for paragraph in paragraphs if paragraph.thread_id]
    db.session.execute(sa.update(Thread).where(Thread.id.in_(earlier)).values(activity_id=consultation.id)
                       .execution_options(synchronize_session="fetch"))
    for paragraph in paragraphs:
        _discuss(paragraph, consultation)


def _derive_paragraphs(section: Section) -> None:
    typed = richtext.staff_blocks(section.body)
    present = [paragraph for paragraph in section.paragraphs if paragraph.removed_at is None]
    removed = {paragraph.text: paragraph for paragraph in section.paragraphs if paragraph.removed_at}
    consultation = db.session.scalar(
        sa.select(DraftConsultation).where(DraftConsultation.plan_id == section.plan_id)
        .order_by(DraftConsultation.opens_at.desc()).limit(1))
    kept = []
    matches = successors([paragraph.text for paragraph in present], [block.source for block in typed])
    for position, (block, match) in enumerate(zip(typed, matches, strict=True), 1):
        paragraph = present[match] if match is not None else _revived(removed.pop(block.source, None))
        if paragraph is None:
            paragraph = Paragraph(section=section)
            db.session.add(paragraph)
        paragraph.position, paragraph.text, paragraph.html = position, block.source, block.html
        kept.append(paragraph)
    db.session.flush()
    _remove([paragraph for paragraph in present if paragraph not in kept])
    for paragraph in kept:
        _discuss(paragraph, consultation)


def _revived(paragraph: Paragraph | None) -> Paragraph | None:
    """A removed paragraph that stands in the text again, word for word."""
    if paragraph is not None and paragraph.thread is not None:
        paragraph.removed_at, paragraph.thread.locked = None, False
    return paragraph


def _discuss(paragraph: Paragraph, consultation: DraftConsultation | None) -> None:
    """Give a paragraph its thread, called by what it says now."""
    if paragraph.thread is None and consultation is not None and paragraph.says_something:
        paragraph.thread = Thread(activity=consultation, label=Localized(), path=f"/paragrafi/{paragraph.id}")
    if paragraph.thread is not None:
        paragraph.thread.label = Localized.of(f"{paragraph.section.title}: {richtext.excerpt(paragraph.text, 80)}")


def _remove(paragraphs: Sequence[Paragraph]) -> None:
    """Take paragraphs out of the text: those somebody commented stay as removed, and nobody adds to what was said."""
    commented = _commented([paragraph.thread_id for paragraph in paragraphs if paragraph.thread_id])
    for paragraph in paragraphs:
        if paragraph.thread is not None and paragraph.thread_id in commented:
            paragraph.removed_at, paragraph.thread.locked = clock.now(), True
    _forget([paragraph for paragraph in paragraphs if paragraph.removed_at is None])


def _forget(paragraphs: Sequence[Paragraph]) -> None:
    for paragraph in list(paragraphs):
        thread = paragraph.thread
        db.session.delete(paragraph)
        db.session.flush()
        if thread is not None:
            db.session.delete(thread)
    db.session.flush()


def _commented(threads: Sequence[int | None]) -> set[int]:
    """Those of these threads in which somebody wrote something, be it public or not."""
    found = db.session.scalars(sa.select(Contribution.thread_id).where(Contribution.thread_id.in_(threads)).distinct())
    return {id for id in found if id is not None}
