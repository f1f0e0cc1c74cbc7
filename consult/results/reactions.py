"""What follows from events recorded elsewhere, in the same transaction."""

from consult.core import charts, events
from consult.core.db import db
from consult.processes.models import Activity
from consult.processes.services import ActivityClosed
from consult.results import mails, queries, services, sheets
from consult.results.models import Outcome

charts.counted_by("proposal_call")(sheets.proposals)
charts.counted_by("draft_consultation")(sheets.consultation)


@events.on(ActivityClosed)
def freeze(event: ActivityClosed) -> None:
    """An activity that closes is counted and its result kept for good."""
    activity = db.session.get_one(Activity, event.activity_id)
    if charts.countable(activity) and queries.sheet_of(activity.id) is None:
        services.freeze(activity)


@events.on(services.OutcomeProposed, services.OutcomeDecided)
def tell(event: services.OutcomeProposed | services.OutcomeDecided) -> None:
    """Whoever made the contribution hears what becomes of it."""
    mails.tell(db.session.get_one(Outcome, event.outcome_id))
