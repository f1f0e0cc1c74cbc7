"""What becomes of attachments when their text is taken back."""

from consult.accounts.models import Person
from consult.attachments import services
from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionStateChanged
from consult.core import events
from consult.core.db import db


@events.on(ContributionStateChanged)
def go_with_what_was_taken_back(event: ContributionStateChanged) -> None:
    """What was withdrawn comes back to nobody, and its files are kept for nobody."""
    if event.after == State.WITHDRAWN.value:
        actor = db.session.get(Person, event.actor_id) if event.actor_id else None
        services.take_back_all(db.session.get_one(Contribution, event.contribution_id), actor)
