"""When the plan is kept anew, all that was said of it is looked for in the new text."""

from consult.core import events, jobs
from consult.core.db import db
from consult.editions.models import PlanEdition
from consult.editions.services import PlanEditionMade
from consult.remarks import services


@jobs.task
def carry(edition_id: int) -> None:
    """Behind the request: there may be thousands."""
    services.carry(db.session.get_one(PlanEdition, edition_id))


@events.on(PlanEditionMade)
def carry_remarks(event: PlanEditionMade) -> None:
    """What cannot be placed with certainty is listed for the plan office."""
    jobs.after_commit(carry, event.edition_id)
