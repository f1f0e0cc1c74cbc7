"""What was laid aside comes back when something new happens to it."""

from consult.contributions.models import State
from consult.contributions.services import ContributionFlagged, ContributionStateChanged
from consult.core import events
from consult.measures import asides
from consult.moderation.reported import MatterFlagged


@events.on(ContributionFlagged)
def wait_again(event: ContributionFlagged) -> None:
    """Somebody reports it."""
    asides.bring_back(f"contribution:{event.contribution_id}")


@events.on(MatterFlagged)
def wait_again_as_well(event: MatterFlagged) -> None:
    """Somebody reports what is no contribution."""
    asides.bring_back(event.subject)


@events.on(ContributionStateChanged)
def wait_once_more(event: ContributionStateChanged) -> None:
    """Its author has changed it."""
    if event.after == State.PENDING.value:
        asides.bring_back(f"contribution:{event.contribution_id}")
