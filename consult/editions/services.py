"""Keeping the plan as it stands."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.core import clock, events
from consult.core.db import db
from consult.editions import embedded, snapshot
from consult.editions.models import PlanEdition
from consult.planning.models import Plan, PlanState
from consult.results.services import fingerprint

SIGNING = (Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)
"""In which of their roles somebody keeps an edition: the first that they hold."""


@dataclass(frozen=True, kw_only=True)
class PlanEditionMade(events.Event):
    edition_id: int
    plan_id: int
    sha256: str


def make(plan: Plan, actor: Person | None, *, name: str, kind: PlanState, act: str = "", body: str = "",
         dated: date | None = None) -> PlanEdition:
    """Keep the whole plan as it stands now, for good, under the next number."""
    db.session.refresh(plan, ["updated_at"], with_for_update=True)  # one at a time takes the next number
    last = db.session.scalar(sa.select(sa.func.max(PlanEdition.number)).where(PlanEdition.plan_id == plan.id)) or 0
    content = snapshot.as_json(snapshot.taken(plan, embedded.kept))
    edition = PlanEdition(
        plan=plan, number=last + 1, name=name, kind=kind, act=act, body=body, dated=dated or clock.today(),
        content=content, sha256=fingerprint(content), made_by=_role(actor, plan.process_id))
    db.session.add(edition)
    db.session.flush()
    events.record(PlanEditionMade(actor_id=actor.id if actor else None, edition_id=edition.id, plan_id=plan.id,
                                  sha256=edition.sha256))
    return edition


def _role(actor: Person | None, process_id: int) -> Role | None:
    held = {grant.role for grant in actor.active_grants if grant.process_id in (None, process_id)} if actor else set()
    return next((role for role in SIGNING if role in held), None)
