"""What follows from a review, in the same transaction."""

from consult.appeals import mails
from consult.appeals.appealed import Appealed
from consult.core import events
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.models import Act, Decision
from consult.moderation.services import Decided


@events.on(Decided)
def tell_of_answer(event: Decided) -> None:
    """Whoever asked for a review reads its answer."""
    if event.act not in (Act.CONFIRM.value, Act.OVERTURN.value):
        return
    decision = db.session.get(Decision, event.decision_id)
    review = matters.matter(decision.subject) if decision else None
    if decision is not None and isinstance(review, Appealed):
        mails.tell_of_answer(review, decision)
