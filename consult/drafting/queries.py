"""The history of parts of the plan."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from consult.core.db import db
from consult.drafting.contents import KINDS, OfPlan
from consult.drafting.models import PlanRevision
from consult.planning import queries as planning
from consult.planning.models import Objective, Plan, Section

SHOWN = 200
"""So many of the latest revisions are listed."""


def part_called(plan: Plan, ref: str) -> OfPlan | None:
    """The part of the plan that is called so in addresses: "s12" a section, "o4" an objective, "a3" an action."""
    if ref[:1] == "o" and ref[1:].isascii() and ref[1:].isdecimal() and len(ref) < 11:
        return planning.objective_of(plan, int(ref[1:]))
    return planning.target_called(plan, ref)


def ref_of(part: OfPlan) -> str:
    """What a part is called in addresses."""
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
