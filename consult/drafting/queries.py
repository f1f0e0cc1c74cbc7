"""The history of parts of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from consult.core.db import db
from consult.drafting.contents import KINDS, OfPlan
from consult.drafting.models import PlanRevision
from consult.planning import ends
from consult.planning import queries as planning
from consult.planning.models import Objective, Plan, Section
from consult.processes.models import Axis

SHOWN = 200
"""So many of the latest revisions are listed."""
_NEW: dict[type[Any], str] = {Plan: "n", Axis: "nx", Objective: "no"}


@dataclass(frozen=True)
class New:
    """A part that was never saved: a section of a plan, an objective of an axis, an action of an objective."""

    within: Plan | Axis | Objective


def part_called(plan: Plan, ref: str) -> OfPlan | None:
    """The part of the plan that is called so in addresses: "s12" a section, "o4" an objective, "a3" an action."""
    if ref[:1] == "o" and ref[1:].isascii() and ref[1:].isdecimal() and len(ref) < 11:
        return planning.objective_of(plan, int(ref[1:]))
    return ends.target_called(plan, ref)


def typed_called(plan: Plan, ref: str) -> OfPlan | New | None:
    """The part into which somebody types that is called so in addresses; one that is new by where it will stand:
    "n4" a section of a plan, "nx2" an objective of an axis, "no4" an action of an objective.
    """
    if ref[:1] != "n":
        return part_called(plan, ref)
    kind, number = ref.rstrip("0123456789"), ref.lstrip("nxo")
    if kind + number != ref or not 0 < len(number) < 10:
        return None
    within: Plan | Axis | Objective | None = None
    match kind:
        case "n":
            within = plan if plan.id == int(number) else None
        case "nx":
            within = planning.axis_of(plan, int(number))
        case "no":
            within = planning.objective_of(plan, int(number))
    return New(within) if within is not None else None


def ref_of(part: OfPlan | New) -> str:
    """What a part is called in addresses."""
    if isinstance(part, New):
        return f"{_NEW[type(part.within)]}{part.within.id}"
    return f"{'s' if isinstance(part, Section) else 'o' if isinstance(part, Objective) else 'a'}{part.id}"


def revisions(part: OfPlan) -> Sequence[PlanRevision]:
    """The latest revisions of a part, the last one first, without what they say; in one query."""
    return db.session.scalars(_of(part).options(joinedload(PlanRevision.made_by), defer(PlanRevision.content))
                              .order_by(PlanRevision.number.desc()).limit(SHOWN)).all()


def revision(part: OfPlan, number: int) -> PlanRevision | None:
    """One of them, with what it says."""
    return db.session.scalar(_of(part).where(PlanRevision.number == number).options(joinedload(PlanRevision.made_by)))


def _of(part: OfPlan) -> sa.Select[PlanRevision]:
    return sa.select(PlanRevision).where(PlanRevision.part == KINDS[type(part)], PlanRevision.part_id == part.id)
