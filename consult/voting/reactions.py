"""What follows from events recorded elsewhere, in the same transaction."""

from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionStateChanged
from consult.core import charts, events
from consult.core.db import db
from consult.processes import services as processes
from consult.voting import queries, sheets

charts.counted_by("ballot")(sheets.sheet)


@events.on(ContributionStateChanged)
def count_supports_of_what_is_public(event: ContributionStateChanged) -> None:
    """Supports of a text leave the public count with it, and come back with it."""
    public = State.PUBLISHED.value
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if (event.before == public) == (event.after == public) or not contribution.support_count:
        return
    by = 1 if event.after == public else -1
    for place, count in db.session.execute(queries.supports_by_place(contribution.id)):
        processes.count(contribution.activity, "support", place, by * count)
