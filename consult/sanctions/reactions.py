"""What follows from a decision, in the same transaction."""

from consult.core import events
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.models import Decision, Origin
from consult.moderation.services import Decided
from consult.sanctions import deciding, mails
from consult.sanctions.models import Suspension
from consult.sanctions.services import SuspensionDismissed


@events.on(Decided)
def tell_of_the_end(event: Decided) -> None:
    """Whoever can write again is told, unless the answer to a review says so already."""
    if event.act != deciding.Lift.act.value:
        return
    decision = db.session.get(Decision, event.decision_id)
    matter = matters.matter(decision.subject) if decision else None
    if decision is not None and matter is not None and decision.origin is not Origin.APPEALED:
        mails.lifted(matter, decision)


@events.on(SuspensionDismissed)
def tell_who_proposed_it(event: SuspensionDismissed) -> None:
    """Whoever proposed a suspension is told that another person does not confirm it, and why."""
    suspension = db.session.get_one(Suspension, event.suspension_id)
    matter = matters.matter(suspension.subject)
    mails.dismissed(suspension, matter.code if matter else suspension.subject)
