"""What follows when the authority answers."""

from consult.comments import mails, services
from consult.core import events, jobs


@events.on(services.OfficialReplyGiven)
def tell(event: services.OfficialReplyGiven) -> None:
    """Whoever wrote or follows what is discussed hears of it, behind the request."""
    jobs.after_commit(mails.tell_of_reply, event.comment_id)
