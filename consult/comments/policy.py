"""Who may speak in a thread."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator, not_suspended, plan_office_or_steering
from consult.comments.models import Comment
from consult.contributions import subjects
from consult.contributions.models import State, Thread
from consult.contributions.policy import about_something_public, author, correctable, published, sent_in, standing
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.processes.models import Agreements
from consult.processes.policy import invited, is_public


def thread_of(thing: Thread | Comment) -> Thread:
    """The thread that is asked about, or in which a comment stands."""
    found: Thread | None = thing if isinstance(thing, Thread) else thing.thread
    assert found is not None, "a comment stands in a thread"  # noqa: S101 - for whoever checks the types
    return found


def _why_not_taken(person: Any, thing: Thread | Comment) -> Reason:
    return subjects.taking(thread_of(thing)).reason


@refusing(_why_not_taken)
def thread_open(person: Any, thing: Thread | Comment) -> bool:
    """Holds while comments are taken: as long as the activity, unless the kind of what is discussed says otherwise."""
    return bool(subjects.taking(thread_of(thing)))


def _why_locked(person: Any, thing: Thread | Comment) -> Reason:
    reason = thread_of(thing).lock_reason
    if reason:
        return _l("The discussion is closed. %(reason)s It can be read, but no more comments are taken.",
                  reason=reason if reason.endswith((".", "!", "?", "…")) else f"{reason}.")
    return _l("The discussion is closed: it can be read, but no more comments are taken.")


@refusing(_why_locked)
def unlocked(person: Any, thing: Thread | Comment) -> bool:
    """Holds while nobody has locked the thread."""
    return not thread_of(thing).locked


@refusing(_l("This is not public."))
def once_public(person: Any, thing: Comment) -> bool:
    """Holds for what was public, even if its text is hidden by now: replies to it still stand.

    What its author has changed, and a person is to read again, is shown to nobody else until then.
    """
    return thing.published_at is not None and thing.state is not State.PENDING


@refusing(_l("Agreeing with comments is not foreseen here: reply, if you want to say what you think."))
def agreements_taken(person: Any, thing: Comment) -> bool:
    """Holds where readers may say with a click that they agree."""
    return thing.activity.agreements is not Agreements.OFF


@refusing(_l("Here one can only agree: reply, if you want to say why you do not."))
def disagreements_taken(person: Any, thing: Comment) -> bool:
    """Holds where readers may also disagree with a click."""
    return thing.activity.agreements is Agreements.BOTH


@refusing(_l("Nobody agrees with what they wrote themselves."))
def not_own_comment(person: Any, thing: Comment) -> bool:
    """Holds for a comment of somebody else."""
    return not person.is_authenticated or thing.author_id != person.id


moderator_or_facilitator = holding(Role.MODERATOR, Role.FACILITATOR, Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)

MAY_SPEAK = [thread_open, unlocked, about_something_public, signed_in, invited]

RULES: Rules = {
    "comment.read": [[once_public, about_something_public, is_public], [author], [sent_in, moderator]],
    "comment.post": [[*MAY_SPEAK, not_suspended]],
    "comment.reply": [[published, *MAY_SPEAK, not_suspended]],
    "comment.edit": [[signed_in, author, correctable, thread_open, unlocked, not_suspended]],
    "comment.withdraw": [[signed_in, author, standing]],
    "comment.official": [[about_something_public, plan_office_or_steering]],
    "comment.agree": [[published, agreements_taken, not_own_comment, *MAY_SPEAK]],
    "comment.disagree": [[published, disagreements_taken, not_own_comment, *MAY_SPEAK]],
    "thread.read": [[about_something_public, is_public]],
    "thread.lock": [[moderator_or_facilitator]],
    "thread.visit": [[signed_in]],
}
