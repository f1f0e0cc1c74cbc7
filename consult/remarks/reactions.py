"""When the plan is kept anew, all that was said of it is looked for in the new text."""

import sqlalchemy as sa

from consult.core import events, jobs
from consult.core.db import db, table
from consult.editions.models import PlanEdition
from consult.editions.services import PlanEditionMade
from consult.remarks import services
from consult.remarks.models import Remark
from consult.results import owed

owed.owe(owed.Kind(
    name="remark", own=table(Remark), title=sa.func.substr(table(Remark).c.body, 1, 400), titled=False,
    propose="remark_answering.outcome", decide="remark_answering.decide"))


@jobs.task
def carry(edition_id: int) -> None:
    """Behind the request: there may be thousands."""
    services.carry(db.session.get_one(PlanEdition, edition_id))


@events.on(PlanEditionMade)
def carry_remarks(event: PlanEditionMade) -> None:
    """What cannot be placed with certainty is listed for the plan office."""
    jobs.after_commit(carry, event.edition_id)
