"""The parts of the plan as they are reviewed: what each is called, what it says, and what that is known by."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from consult.core import richtext
from consult.core.db import db
from consult.drafting import contents
from consult.drafting import queries as drafting
from consult.drafting.contents import OfPlan
from consult.planning import queries as planning
from consult.planning import rows
from consult.planning.models import Action, Objective, Paragraph, Plan, Section
from consult.processes.models import Axis

Reviewed = OfPlan | Axis
T = TypeVar("T")
BEGINNING = 160
"""Characters by which a paragraph is called."""


@dataclass(frozen=True)
class Piece:
    """A paragraph of a section: how it begins, and what its text is known by."""

    id: int
    number: int
    begins: str
    mark: str


@dataclass(frozen=True)
class Part:
    """A part of the plan in the order in which it is read; `depth` says how far within another it stands."""

    ref: str
    thing: Reviewed
    code: str
    title: str
    depth: int
    mark: str
    pieces: Sequence[Piece] = ()

    def piece(self, id: int) -> Piece | None:
        """One of its paragraphs."""
        return next((piece for piece in self.pieces if piece.id == id), None)


def ref_of(thing: Reviewed) -> str:
    """What a part is called in addresses."""
    return f"x{thing.id}" if isinstance(thing, Axis) else drafting.ref_of(thing)


def every(plan: Plan) -> list[Part]:
    """All parts of a plan, in six queries however many they are."""
    sections = db.session.scalars(sa.select(Section).where(Section.plan_id == plan.id)
                                  .order_by(Section.position, Section.id)).all()
    standing = _standing(sections)
    axes = db.session.scalars(sa.select(Axis).where(Axis.process_id == plan.process_id)
                              .order_by(Axis.position, Axis.id)).all()
    objectives = _grouped(db.session.scalars(
        sa.select(Objective).where(Objective.axis_id.in_([axis.id for axis in axes]))
        .order_by(Objective.position, Objective.id)), "axis_id")
    found = db.session.scalars(
        sa.select(Action).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
        .order_by(Action.position, Action.id)).all()
    actions = _grouped(rows.fetch(found), "objective_id")
    parts = [_part(section, 0, standing[section.id]) for section in sections]
    for axis in axes:
        parts.append(_part(axis, 0))
        for objective in objectives[axis.id]:
            parts.append(_part(objective, 1))
            parts.extend(_part(action, 2) for action in actions[objective.id])
    return parts


def called(plan: Plan, ref: str) -> Part | None:
    """The part that is called so in addresses: "s12" a section, "x2" an axis, "o4" an objective, "a3" an action."""
    if ref[:1] == "x" and ref[1:].isascii() and ref[1:].isdecimal() and len(ref) < 11:
        axis = planning.axis_of(plan, int(ref[1:]))
        return _part(axis, 0) if axis else None
    thing = drafting.part_called(plan, ref)
    if thing is None or drafting.ref_of(thing) != ref:
        return None
    if isinstance(thing, Action):
        rows.fetch([thing])
    return _part(thing, 0, _standing([thing])[thing.id] if isinstance(thing, Section) else ())


def _standing(sections: Sequence[Section]) -> Mapping[int, list[Paragraph]]:
    return _grouped(db.session.scalars(
        sa.select(Paragraph).where(Paragraph.section_id.in_([section.id for section in sections]),
                                   Paragraph.removed_at.is_(None))
        .order_by(Paragraph.position, Paragraph.id)), "section_id")


def _grouped(found: Iterable[T], by: str) -> Mapping[int, list[T]]:
    grouped: defaultdict[int, list[T]] = defaultdict(list)
    for one in found:
        grouped[getattr(one, by)].append(one)
    return grouped


def _part(thing: Reviewed, depth: int, paragraphs: Sequence[Paragraph] = ()) -> Part:
    says = {"title": dict(thing.title), "summary": dict(thing.summary)} if isinstance(thing, Axis) else (
        contents.of(thing))
    pieces = [Piece(one.id, number, richtext.excerpt(one.text, BEGINNING), _mark(one.text))
              for number, one in enumerate(paragraphs, 1)]
    return Part(ref_of(thing), thing, thing.code, str(thing.title), depth, _mark(says), pieces)


def _mark(says: object) -> str:
    """What the same content is known by."""
    told = json.dumps(says, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
