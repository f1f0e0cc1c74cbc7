"""Who may speak in a thread."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, plan_office_or_steering
from consult.comments.models import Comment
from consult.contributions.models import Thread
from consult.contributions.policy import about_something_public, author, published, sent_in, standing
from consult.core.policy import Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public


def thread_of(thing: Thread | Comment) -> Thread:
    """The thread that is asked about, or in which a comment stands."""
    found: Thread | None = thing if isinstance(thing, Thread) else thing.thread
    assert found is not None, "a comment stands in a thread"  # noqa: S101 - for whoever checks the types
    return found


@refusing(_l("The discussion is closed: it can be read, but no more comments are taken."))
def unlocked(person: Any, thing: Thread | Comment) -> bool:
    """Holds while nobody has locked the thread."""
    return not thread_of(thing).locked


@refusing(_l("This is not public."))
def once_public(person: Any, thing: Comment) -> bool:
    """Holds for what was public, even if its text is hidden by now: replies to it still stand."""
    return thing.published_at is not None


@refusing(_l("Somebody has replied to this comment: it can no longer change, but you can reply too."))
def unanswered(person: Any, thing: Comment) -> bool:
    """Holds while a comment has no public reply."""
    return thing.comment_count == 0


MAY_SPEAK = [activity_open, unlocked, about_something_public, signed_in, invited]

RULES: Rules = {
    "comment.read": [[once_public, about_something_public, is_public], [author], [sent_in, moderator]],
    "comment.post": [MAY_SPEAK],
    "comment.reply": [[published, *MAY_SPEAK]],
    "comment.edit": [[signed_in, author, standing, unanswered, activity_open, unlocked]],
    "comment.withdraw": [[signed_in, author, standing]],
    "comment.official": [[plan_office_or_steering]],
}
