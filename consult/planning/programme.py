"""Writing what the plan wants to reach and do: objectives within the axes, and the actions of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db, hold
from consult.planning.models import Action, ActionState, Funding, Measure, Milestone, Objective, Plan, TraceLink
from consult.planning.services import InUseError, change_places
from consult.processes.models import Axis
from consult.territory.models import Municipality


class CodeTakenError(ValueError):
    """Another part of the plan has this code already."""


@dataclass(frozen=True, kw_only=True)
class ObjectiveSaved(events.Event):
    objective_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ObjectiveMoved(events.Event):
    objective_id: int


@dataclass(frozen=True, kw_only=True)
class ObjectiveRemoved(events.Event):
    objective_id: int


@dataclass(frozen=True, kw_only=True)
class ActionSaved(events.Event):
    action_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ActionMoved(events.Event):
    action_id: int


@dataclass(frozen=True, kw_only=True)
class ActionRemoved(events.Event):
    action_id: int


@dataclass(frozen=True, kw_only=True)
class ObjectiveText:
    """What can be written of an objective."""

    code: str
    title: str
    description: str = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class ProjectSheet:
    """What can be written of an action. The cost is in whole euros; the last day does not precede the first."""

    code: str
    title: str
    description: str = ""
    need: str = ""
    lead: str = ""
    partners: str = ""
    referent: str = ""
    cost: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    risks: str = ""
    dup: str = ""
    pnrr: str = ""
    fesr: str = ""
    cup: str = ""
    state: ActionState = ActionState.IDEA
    municipalities: Sequence[Municipality] = ()
    fundings: Sequence[Mapping[str, Any]] = ()
    """Rows as the columns of `Funding`; likewise `milestones` and `measures`."""
    milestones: Sequence[Mapping[str, Any]] = ()
    measures: Sequence[Mapping[str, Any]] = ()


ROWS: dict[str, type[Funding] | type[Milestone] | type[Measure]] = {
    "fundings": Funding, "milestones": Milestone, "measures": Measure}


def add_objective(plan: Plan, axis: Axis, actor: Person, text: ObjectiveText) -> Objective:
    """Put a new objective at the end of an axis; raises CodeTakenError where the percorso has one of that code."""
    _reserve(plan, text.code, _objective_codes(plan))
    last = sa.select(sa.func.max(Objective.position)).where(Objective.axis_id == axis.id)
    objective = Objective(axis=axis, position=(db.session.scalar(last) or 0) + 1)
    return _saved_objective(plan, objective, actor, text)


def edit_objective(plan: Plan, objective: Objective, actor: Person, text: ObjectiveText, *, seen: int) -> Objective:
    """Change an objective; raises StaleVersionError if somebody saved after `seen`, CodeTakenError as above."""
    hold(objective, seen)
    _reserve(plan, text.code, _objective_codes(plan).where(Objective.id != objective.id))
    objective.version += 1
    return _saved_objective(plan, objective, actor, text)


def remove_objective(objective: Objective, actor: Person) -> None:
    """Delete an objective without actions; raises InUseError for one that has some."""
    if db.session.scalar(sa.select(Action.id).where(Action.objective_id == objective.id).limit(1)) is not None:
        raise InUseError
    id = objective.id
    db.session.delete(objective)
    db.session.flush()
    events.record(ObjectiveRemoved(actor_id=actor.id, objective_id=id))


def move_objective(objective: Objective, actor: Person, *, up: bool) -> bool:
    """Let an objective change places with its neighbour in the axis; answers False where it has none there."""
    moved = change_places(objective, sa.select(Objective).where(Objective.axis_id == objective.axis_id)
                   .order_by(Objective.position, Objective.id), up=up)
    if moved:
        events.record(ObjectiveMoved(actor_id=actor.id, objective_id=objective.id))
    return moved


def add_action(plan: Plan, objective: Objective, actor: Person, sheet: ProjectSheet) -> Action:
    """Put a new action at the end of an objective; raises CodeTakenError where the plan has one of that code."""
    _reserve(plan, sheet.code, _action_codes(plan))
    last = sa.select(sa.func.max(Action.position)).where(Action.objective_id == objective.id)
    action = Action(objective=objective, position=(db.session.scalar(last) or 0) + 1)
    return _saved_action(plan, action, actor, sheet)


def edit_action(plan: Plan, action: Action, actor: Person, sheet: ProjectSheet, *, seen: int) -> Action:
    """Change an action; raises StaleVersionError if somebody saved after `seen`, CodeTakenError as above."""
    hold(action, seen)
    _reserve(plan, sheet.code, _action_codes(plan).where(Action.id != action.id))
    action.version += 1
    return _saved_action(plan, action, actor, sheet)


def remove_action(action: Action, actor: Person) -> None:
    """Delete an action that nothing is linked to; raises InUseError for one that something is linked to."""
    if db.session.scalar(sa.select(TraceLink.id).where(TraceLink.action_id == action.id).limit(1)) is not None:
        raise InUseError
    id = action.id
    db.session.delete(action)
    db.session.flush()
    events.record(ActionRemoved(actor_id=actor.id, action_id=id))


def move_action(action: Action, actor: Person, *, up: bool) -> bool:
    """Let an action change places with its neighbour in the objective; answers False where it has none there."""
    moved = change_places(action, sa.select(Action).where(Action.objective_id == action.objective_id)
                   .order_by(Action.position, Action.id), up=up)
    if moved:
        events.record(ActionMoved(actor_id=actor.id, action_id=action.id))
    return moved


def _reserve(plan: Plan, code: str, others: sa.Select[Any]) -> None:
    """See that no other part has this code; of those who ask at the same time, each waits for the one before."""
    db.session.refresh(plan, ["updated_at"], with_for_update=True)
    if code.casefold() in {other.casefold() for other in db.session.scalars(others)}:
        raise CodeTakenError(code)


def _objective_codes(plan: Plan) -> sa.Select[Any]:
    return sa.select(Objective.code).join(Axis).where(Axis.process_id == plan.process_id)


def _action_codes(plan: Plan) -> sa.Select[Any]:
    return sa.select(Action.code).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)


def _saved_objective(plan: Plan, objective: Objective, actor: Person, text: ObjectiveText) -> Objective:
    objective.code, objective.title = text.code, text.title
    objective.description, objective.target = text.description, text.target
    _saved(plan, objective)
    events.record(ObjectiveSaved(actor_id=actor.id, objective_id=objective.id, version=objective.version))
    return objective


def _saved_action(plan: Plan, action: Action, actor: Person, sheet: ProjectSheet) -> Action:
    for name in ProjectSheet.__dataclass_fields__:
        written = getattr(sheet, name)
        if name in ROWS:
            written = [ROWS[name](**row) for row in written]
        setattr(action, name, list(written) if name == "municipalities" else written)
    _saved(plan, action)
    events.record(ActionSaved(actor_id=actor.id, action_id=action.id, version=action.version))
    return action


def _saved(plan: Plan, part: Objective | Action) -> None:
    db.session.add(part)
    plan.updated_at = clock.now()
    db.session.flush()

