"""Every save of a part of the plan is kept."""

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db
from consult.drafting import queries, services, typed
from consult.drafting.queries import New
from consult.planning import queries as planning
from consult.planning.models import Action, Objective, Section
from consult.planning.programme import ActionRemoved, ActionSaved, ObjectiveRemoved, ObjectiveSaved
from consult.planning.services import PlanSectionAdded, PlanSectionEdited, PlanSectionRemoved


@events.on(PlanSectionAdded, PlanSectionEdited)
def section(event: PlanSectionAdded | PlanSectionEdited) -> None:
    part = db.session.get_one(Section, event.section_id)
    services.keep(part.plan, part, _who(event))
    typed.forget(event.actor_id, f"s{part.id}")
    if isinstance(event, PlanSectionAdded):
        typed.forget(event.actor_id, queries.ref_of(New(part.plan)))


@events.on(ObjectiveSaved)
def objective(event: ObjectiveSaved) -> None:
    part = db.session.get_one(Objective, event.objective_id)
    _keep(part, event)
    if event.version == 1:
        typed.forget(event.actor_id, queries.ref_of(New(part.axis)))
    typed.forget(event.actor_id, f"o{event.objective_id}")


@events.on(ActionSaved)
def action(event: ActionSaved) -> None:
    part = db.session.get_one(Action, event.action_id)
    _keep(part, event)
    if event.version == 1:
        typed.forget(event.actor_id, queries.ref_of(New(part.objective)))
    typed.forget(event.actor_id, f"a{event.action_id}")


@events.on(PlanSectionRemoved, ObjectiveRemoved, ActionRemoved)
def removed(event: PlanSectionRemoved | ObjectiveRemoved | ActionRemoved) -> None:
    """What was typed into a part that is gone goes with it."""
    match event:
        case PlanSectionRemoved():
            typed.forget_all(f"s{event.section_id}")
        case ObjectiveRemoved():
            typed.forget_all(f"o{event.objective_id}")
            typed.forget_all(f"no{event.objective_id}")
        case ActionRemoved():
            typed.forget_all(f"a{event.action_id}")


def _keep(part: Objective | Action, event: events.Event) -> None:
    plan = planning.of_process(part.process_id)
    if plan is not None:
        services.keep(plan, part, _who(event))


def _who(event: events.Event) -> Person | None:
    return db.session.get(Person, event.actor_id) if event.actor_id else None
