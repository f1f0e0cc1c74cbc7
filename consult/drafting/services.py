"""Keeping what parts of the plan said, and bringing an earlier text back."""

from dataclasses import dataclass

from consult.accounts.models import Person, Role
from consult.analysis import queries as indicators
from consult.core import events
from consult.core.db import db
from consult.drafting import contents, queries
from consult.drafting.contents import OfPlan
from consult.drafting.models import PlanRevision
from consult.planning import programme
from consult.planning import services as planning
from consult.planning.models import Action, Plan, Section
from consult.processes import queries as processes

_ROLES = (Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)


@dataclass(frozen=True, kw_only=True)
class PlanPartRestored(events.Event):
    """An earlier text of a part of the plan was brought back, as a revision of its own."""

    revision_id: int
    number: int


def keep(plan: Plan, part: OfPlan, actor: Person | None) -> PlanRevision:
    """Add what a part says now to its history."""
    held = [role.value for role in _ROLES if actor is not None and actor.holds(role, process_id=plan.process_id)]
    revision = PlanRevision(
        plan_id=plan.id, part=contents.KINDS[type(part)], part_id=part.id, number=part.version,
        content=contents.of(part), made_by_id=actor.id if actor else None, role=held[0] if held else "")
    db.session.add(revision)
    db.session.flush()
    return revision


def restore(plan: Plan, part: OfPlan, revision: PlanRevision, actor: Person, *, seen: int) -> None:
    """Have a part say again what it said in a revision: that is a new revision, and none is lost.

    Raises StaleVersionError where somebody saved after `seen`, CodeTakenError where another part has its code now.
    """
    if isinstance(part, Section):
        planning.edit_section(part, actor, seen=seen, title=revision.content["title"], body=revision.content["body"])
    elif isinstance(part, Action):
        towns = {town.id: town for town in processes.municipalities(plan.process)}
        known = {one.id for one in indicators.indicators(plan.process)}
        programme.edit_action(plan, part, actor, contents.project_sheet(revision.content, towns, known), seen=seen)
    else:
        programme.edit_objective(plan, part, actor, contents.objective_text(revision.content), seen=seen)
    made = queries.revision(part, part.version)
    if made is not None:
        made.restored_from = revision.number
        events.record(PlanPartRestored(actor_id=actor.id, revision_id=made.id, number=revision.number))
