"""Editions of a plan, without their content unless it is asked for."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from consult.core.db import db
from consult.editions.models import PlanEdition
from consult.planning.models import Plan, PlanState


def of_plan(plan: Plan) -> Sequence[PlanEdition]:
    """All editions, the latest first."""
    return db.session.scalars(sa.select(PlanEdition).where(PlanEdition.plan_id == plan.id)
                              .order_by(PlanEdition.number.desc())).all()


def numbered(plan: Plan, number: int) -> PlanEdition | None:
    """An edition with its content."""
    return db.session.scalar(sa.select(PlanEdition).where(
        PlanEdition.plan_id == plan.id, PlanEdition.number == number).options(undefer(PlanEdition.content)))


def latest(plan: Plan) -> PlanEdition | None:
    """The edition that was kept last, with its content."""
    return db.session.scalar(sa.select(PlanEdition).where(PlanEdition.plan_id == plan.id).options(
        undefer(PlanEdition.content)).order_by(PlanEdition.number.desc()).limit(1))


def put_forward(plan: Plan) -> PlanEdition | None:
    """The edition that was last put to people, proposed or adopted; without its content."""
    return db.session.scalar(
        sa.select(PlanEdition).where(PlanEdition.plan_id == plan.id, PlanEdition.kind != PlanState.DRAFT)
        .order_by(PlanEdition.number.desc()).limit(1))


def latest_in_consultation(plan: Plan) -> PlanEdition | None:
    """The edition on which people are asked, or were asked last; without its content."""
    return db.session.scalar(
        sa.select(PlanEdition).where(PlanEdition.plan_id == plan.id, PlanEdition.kind == PlanState.IN_CONSULTATION)
        .order_by(PlanEdition.number.desc()).limit(1))
