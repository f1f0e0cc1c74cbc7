"""What is no longer public is no longer found, and what becomes public is."""

from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionReworded, ContributionStateChanged
from consult.core import events
from consult.core.db import db
from consult.search import services


@events.on(ContributionStateChanged, ContributionReworded)
def follow(event: ContributionStateChanged | ContributionReworded) -> None:
    """Within the act itself: what a moderator hides or blacks out is found by nobody from then on."""
    before = after = State.PUBLISHED.value
    if isinstance(event, ContributionStateChanged):
        before, after = event.before, event.after
    if State.PUBLISHED.value not in (before, after):
        return
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if services.is_searched(contribution.kind):
        services.renew_one(contribution, was_public=before == State.PUBLISHED.value)
