"""What follows from a decision, in the same transaction."""

from consult.core import events
from consult.moderation.models import Act
from consult.moderation.services import Decided
from consult.statements import mails, queries


@events.on(Decided)
def tell_author(event: Decided) -> None:
    """Whoever loses something by a decision is told why."""
    if queries.takes_away(Act(event.act)):
        mails.tell_author(event.decision_id)
