"""What follows from a decision, in the same transaction."""

from consult.core import events
from consult.core.db import db
from consult.moderation import mails
from consult.moderation.models import Decision
from consult.moderation.services import Decided


@events.on(Decided)
def tell_author(event: Decided) -> None:
    """The author learns of the decision by mail."""
    decision = db.session.get(Decision, event.decision_id)
    if decision is not None:
        mails.tell_author(decision)
