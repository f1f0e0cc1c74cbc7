"""What becomes of the place when its text is taken back."""

from consult.contributions.models import State
from consult.contributions.services import ContributionStateChanged
from consult.core import events
from consult.places import services


@events.on(ContributionStateChanged)
def go_with_what_was_taken_back(event: ContributionStateChanged) -> None:
    """What was withdrawn comes back to nobody: where it was about may say who wrote it."""
    if event.after == State.WITHDRAWN.value:
        services.forget(event.contribution_id)
