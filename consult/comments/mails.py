"""What people hear of a discussion by mail."""

from consult.comments.models import Comment
from consult.contributions import telling
from consult.contributions.models import Thread
from consult.core import jobs
from consult.core.db import db


@jobs.task
def tell_of_reply(comment_id: int) -> None:
    """Tell whoever wrote what is discussed that the authority has answered; once."""
    reply = db.session.get_one(Comment, comment_id)
    thread = db.session.get_one(Thread, reply.thread_id)
    if thread.discussed is None or not reply.public:
        return
    people = [person for person in telling.writers([thread.discussed.id]) if person.id != reply.author_id]
    telling.tell(people, "official_reply", key=f"official-reply-{comment_id}", reply=reply, thread=thread,
                 discussed=thread.discussed)
