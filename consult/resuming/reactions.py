"""What becomes of saved forms when nothing more is taken."""

from consult.core import events
from consult.processes.services import ActivityClosed
from consult.resuming import services


@events.on(ActivityClosed)
def forget_what_can_no_longer_be_sent(event: ActivityClosed) -> None:
    """Nobody can send it any more, so nobody needs it."""
    services.forget_all(event.activity_id)
