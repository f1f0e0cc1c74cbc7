"""Leaving notes on parts of the plan, answering and resolving them, and saying how far a part is."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person, Role
from consult.core import clock, events
from consult.core.db import StaleVersionError, db, insert, rows_touched
from consult.planning.models import Plan
from consult.reviewing.models import WHOLE, PlanNote, PlanReview, ReviewState
from consult.reviewing.parts import Part

ROLES = (Role.PLAN_OFFICE, Role.STEERING, Role.PLATFORM_ADMIN)


class NoteError(ValueError):
    """Why a note cannot be left, as a sentence."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class PlanNoteWritten(events.Event):
    note_id: int


@dataclass(frozen=True, kw_only=True)
class PlanNoteResolved(events.Event):
    note_id: int


@dataclass(frozen=True, kw_only=True)
class PlanNoteReopened(events.Event):
    note_id: int


@dataclass(frozen=True, kw_only=True)
class PlanPartReviewed(events.Event):
    """Somebody said how far a part of the plan is, or a paragraph of it."""

    plan_id: int
    part: str
    paragraph: int
    state: str


def roles_of(person: Person, plan: Plan) -> list[str]:
    """As what somebody speaks of the parts of a plan."""
    return [role.value for role in ROLES if person.holds(role, process_id=plan.process_id)]


def write(plan: Plan, part: Part, person: Person, *, body: str, paragraph: int = WHOLE) -> PlanNote:
    """Leave a note on a part, or on one of its paragraphs; raises NoteError where that is no longer there."""
    piece = part.piece(paragraph)
    if paragraph != WHOLE and piece is None:
        raise NoteError(_l("This paragraph is no longer in the text: choose another one, or the whole section."))
    return _written(plan, PlanNote(part=part.ref, paragraph=paragraph, quote=piece.begins if piece else "", body=body),
                    person)


def answer(plan: Plan, note: PlanNote, person: Person, *, body: str) -> PlanNote:
    """Answer a note; raises NoteError for one that was resolved."""
    db.session.refresh(note, ["resolved_at"], with_for_update=True)
    if note.resolved_at is not None:
        raise NoteError(_l("This note was resolved meanwhile: open it again before you answer."))
    return _written(plan, PlanNote(part=note.part, paragraph=note.paragraph, about_id=note.id, body=body), person)


def _written(plan: Plan, note: PlanNote, person: Person) -> PlanNote:
    note.plan_id, note.author_id, note.role = plan.id, person.id, next(iter(roles_of(person, plan)), "")
    db.session.add(note)
    db.session.flush()
    events.record(PlanNoteWritten(actor_id=person.id, note_id=note.id))
    return note


def resolve(note: PlanNote, person: Person) -> bool:
    """Say that a note is dealt with; False where it was already."""
    done = _settle(note, PlanNote.resolved_at.is_(None), resolved_at=clock.now(), resolved_by_id=person.id)
    if done:
        events.record(PlanNoteResolved(actor_id=person.id, note_id=note.id))
    return done


def reopen(note: PlanNote, person: Person) -> bool:
    """Open a note again; False where it was open."""
    done = _settle(note, PlanNote.resolved_at.is_not(None), resolved_at=None, resolved_by_id=None)
    if done:
        events.record(PlanNoteReopened(actor_id=person.id, note_id=note.id))
    return done


def _settle(note: PlanNote, which: sa.ColumnElement[bool], **values: object) -> bool:
    return bool(rows_touched(sa.update(PlanNote).where(PlanNote.id == note.id, which).values(**values)
                             .execution_options(synchronize_session="fetch")))


def review(plan: Plan, part: Part, person: Person, state: ReviewState, *, seen: str, paragraph: int = WHOLE) -> None:
    """Say how far a part is, or one of its paragraphs.

    Raises StaleVersionError where its text is no longer the one that was `seen`, or not there any more.
    """
    piece = part.piece(paragraph)
    mark = part.mark if paragraph == WHOLE else piece.mark if piece else ""
    if not mark or mark != seen:
        raise StaleVersionError(part.ref)
    values = {"plan_id": plan.id, "state": state, "mark": mark, "set_by_id": person.id, "set_at": clock.now(),
              "role": next(iter(roles_of(person, plan)), "")}
    db.session.execute(insert(PlanReview).values(part=part.ref, paragraph=paragraph, **values)
                       .on_conflict_do_update(index_elements=["part", "paragraph"], set_=values))
    events.record(PlanPartReviewed(actor_id=person.id, plan_id=plan.id, part=part.ref, paragraph=paragraph,
                                   state=state.value))


def forget(ref: str) -> None:
    """Forget what was said of a part that is gone."""
    for model in (PlanNote, PlanReview):
        db.session.execute(sa.delete(model).where(model.part == ref).execution_options(synchronize_session=False))


def follow(ref: str, standing: set[int]) -> None:
    """Keep what was said of paragraphs that are gone with their section, and forget how far they were."""
    gone = PlanNote.paragraph.not_in({WHOLE, *standing})
    db.session.execute(sa.update(PlanNote).where(PlanNote.part == ref, gone).values(paragraph=WHOLE)
                       .execution_options(synchronize_session=False))
    db.session.execute(sa.delete(PlanReview).where(
        PlanReview.part == ref, PlanReview.paragraph.not_in({WHOLE, *standing}))
        .execution_options(synchronize_session=False))
