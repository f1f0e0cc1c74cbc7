"""When the state of the plan changes, it is kept as it stands."""

from datetime import date

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db
from consult.editions import services
from consult.planning.models import Plan, PlanState
from consult.planning.services import PlanStateChanged


@events.on(PlanStateChanged)
def keep(event: PlanStateChanged) -> None:
    """Whatever is put before people, proposed or adopted can be read as it was, whatever is written later."""
    plan = db.session.get_one(Plan, event.plan_id)
    actor = db.session.get(Person, event.actor_id) if event.actor_id else None
    services.make(plan, actor, name=plan.edition, kind=PlanState(event.after), act=event.act, body=event.organ,
                  dated=date.fromisoformat(event.dated) if event.dated else None)
