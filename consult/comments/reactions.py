"""What follows when the authority answers."""

from consult.comments import mails, mentions, services
from consult.comments.models import Comment
from consult.contributions.services import ContributionReworded
from consult.core import events, jobs
from consult.core.db import db


@events.on(services.OfficialReplyGiven)
def tell(event: services.OfficialReplyGiven) -> None:
    """Whoever wrote or follows what is discussed hears of it, behind the request."""
    jobs.after_commit(mails.tell_of_reply, event.comment_id)


@events.on(ContributionReworded)
def keep_who_is_called(event: ContributionReworded) -> None:
    """Names of people who are called stay links in what is left of a comment; nobody is told again."""
    comment = db.session.get(Comment, event.contribution_id)
    if comment is not None and comment.thread is not None:
        called = mentions.found(comment.thread, comment.author, comment.body)
        comment.body_html = mentions.render(comment.body, called.values())
        db.session.flush()
