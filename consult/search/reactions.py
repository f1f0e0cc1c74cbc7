"""What is no longer public is no longer found, and what becomes public is."""

from consult.contributions.models import Contribution
from consult.contributions.services import ContributionReworded, ContributionStateChanged
from consult.core import events
from consult.core.db import db
from consult.search import services


@events.on(ContributionStateChanged, ContributionReworded)
def follow(event: ContributionStateChanged | ContributionReworded) -> None:
    """Within the act itself: what a moderator hides or blacks out is found by nobody from then on."""
    if services.is_searched(db.session.get_one(Contribution, event.contribution_id).kind):
        services.renew([event.contribution_id])
