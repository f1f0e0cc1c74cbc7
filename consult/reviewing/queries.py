"""How far the parts of the plan are, what was said of them, and what of it waits for whom."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.core.db import db
from consult.drafting.models import Part as Kind
from consult.drafting.models import PlanRevision
from consult.planning.models import Plan
from consult.reviewing import parts
from consult.reviewing.models import WHOLE, PlanNote, PlanReview, ReviewState
from consult.reviewing.parts import Part

Reviews = Mapping[tuple[str, int], PlanReview]
LETTERS = {Kind.SECTION: "s", Kind.OBJECTIVE: "o", Kind.ACTION: "a"}


@dataclass(frozen=True)
class Standing:
    """How far a part or a paragraph is, and who said so; `changed` where the text that was agreed is another now."""

    state: ReviewState
    by: Person | None = None
    role: str = ""
    at: datetime | None = None
    changed: bool = False
    of_its_own: bool = True
    """False for a paragraph that is as far as its section."""


@dataclass(frozen=True)
class Talk:
    """Something that was said of a part, with the answers to it."""

    note: PlanNote
    answers: Sequence[PlanNote]

    @property
    def last(self) -> PlanNote:
        return self.answers[-1] if self.answers else self.note


@dataclass(frozen=True)
class Row:
    """A line of the table of contents of those who write."""

    part: Part
    standing: Standing
    pieces: Counter[ReviewState]
    """How many of its paragraphs are how far."""
    open_notes: int
    waits: bool


def standing(review: PlanReview | None, mark: str) -> Standing:
    """How far a text is of which this was said: who agreed on another text has not agreed on this one."""
    if review is None:
        return Standing(ReviewState.WRITING, of_its_own=False)
    changed = review.state is ReviewState.AGREED and review.mark != mark
    state = ReviewState.TO_READ if changed else review.state
    return Standing(state, review.set_by, review.role, review.set_at, changed)


def of_pieces(part: Part, known: Reviews) -> dict[int, Standing]:
    """How far each paragraph is; one of which nothing was said is as far as its section."""
    whole = standing(known.get((part.ref, WHOLE)), part.mark)
    inherited = Standing(whole.state, of_its_own=False)
    return {piece.id: standing(known[part.ref, piece.id], piece.mark) if (part.ref, piece.id) in known else inherited
            for piece in part.pieces}


def reviews(plan: Plan, ref: str = "") -> Reviews:
    """What was said of how far the parts of a plan are, or one of them; in one query."""
    found = sa.select(PlanReview).where(PlanReview.plan_id == plan.id).options(
        joinedload(PlanReview.set_by).joinedload(Person.municipality))
    if ref:
        found = found.where(PlanReview.part == ref)
    return {(one.part, one.paragraph): one for one in db.session.scalars(found)}


def contents(plan: Plan, person: Person, roles: Sequence[str]) -> list[Row]:
    """Every part of the plan with how far it is; the questions asked do not grow with the plan."""
    every, known, talks, writers = parts.every(plan), reviews(plan), _open_talks(plan), _last_writers(plan)
    rows = []
    for part in every:
        whole, pieces = standing(known.get((part.ref, WHOLE)), part.mark), of_pieces(part, known)
        to_read = any(_not_by(person, one, writers.get(part.ref)) for one in (whole, *pieces.values())
                      if one.of_its_own and one.state is ReviewState.TO_READ)
        asked = any(_for(person, roles, talk) for talk in talks[part.ref])
        rows.append(Row(part, whole, Counter(one.state for one in pieces.values()), len(talks[part.ref]),
                        to_read or asked))
    return rows


def _not_by(person: Person, one: Standing, writer: int | None) -> bool:
    """Whether a text is to be read by this person: not by whoever asks for it, or has just changed it."""
    return writer != person.id if one.changed else one.by is None or one.by.id != person.id


def _for(person: Person, roles: Sequence[str], talk: Talk) -> bool:
    """Whether an open note waits for this person: the last word is not theirs, and of others or in their own talk."""
    if talk.last.author_id == person.id:
        return False
    return talk.last.role not in roles or person.id in {one.author_id for one in (talk.note, *talk.answers)}


def talks(plan: Plan, ref: str) -> list[Talk]:
    """What was said of a part, the open first and then the latest; in one query."""
    found = _told(_notes(plan).where(PlanNote.part == ref).options(
        joinedload(PlanNote.author).joinedload(Person.municipality),
        joinedload(PlanNote.resolved_by).joinedload(Person.municipality)))
    return sorted(found, key=lambda talk: (talk.note.resolved_at is not None, -talk.note.id))


def note_of(plan: Plan, id: int) -> PlanNote | None:
    """A note on a part of this plan that is not itself an answer."""
    return db.session.scalar(_notes(plan).where(PlanNote.id == id, PlanNote.about_id.is_(None)))


def open_notes(plan: Plan, ref: str) -> int:
    """How many notes on a part are open."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(PlanNote).where(
        PlanNote.plan_id == plan.id, PlanNote.part == ref, *_OPEN)) or 0


_OPEN = (PlanNote.about_id.is_(None), PlanNote.resolved_at.is_(None))


def _open_talks(plan: Plan) -> Mapping[str, list[Talk]]:
    """The open notes of a plan with the answers to them, by part."""
    first = sa.select(PlanNote.id).where(PlanNote.plan_id == plan.id, *_OPEN)
    found: defaultdict[str, list[Talk]] = defaultdict(list)
    for talk in _told(_notes(plan).where(sa.func.coalesce(PlanNote.about_id, PlanNote.id).in_(first))):
        found[talk.note.part].append(talk)
    return found


def _notes(plan: Plan) -> sa.Select[PlanNote]:
    return sa.select(PlanNote).where(PlanNote.plan_id == plan.id).order_by(PlanNote.id)


def _told(notes: sa.Select[PlanNote]) -> list[Talk]:
    found = db.session.scalars(notes).all()
    answers: defaultdict[int, list[PlanNote]] = defaultdict(list)
    for one in found:
        if one.about_id is not None:
            answers[one.about_id].append(one)
    return [Talk(one, answers[one.id]) for one in found if one.about_id is None]


def _last_writers(plan: Plan) -> Mapping[str, int | None]:
    """Who saved the text that each part has now."""
    last = (sa.select(PlanRevision.part, PlanRevision.part_id, sa.func.max(PlanRevision.number).label("number"))
            .where(PlanRevision.plan_id == plan.id).group_by(PlanRevision.part, PlanRevision.part_id).subquery())
    found = db.session.execute(
        sa.select(PlanRevision.part, PlanRevision.part_id, PlanRevision.made_by_id)
        .join(last, sa.and_(last.c.part == PlanRevision.part, last.c.part_id == PlanRevision.part_id,
                            last.c.number == PlanRevision.number)))
    return {f"{LETTERS[row.part]}{row.part_id}": row.made_by_id for row in found}
