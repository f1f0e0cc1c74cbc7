"""What follows from events recorded elsewhere, in the same transaction."""

from consult.accounts.registration import Registered
from consult.core import events
from consult.privacy import services


@events.on(Registered)
def note_the_notice(event: Registered) -> None:
    """Whoever registers has the present version of the notice before them."""
    services.note_read(event.person_id)
