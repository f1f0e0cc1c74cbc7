"""Commenting, replying, and taking back what one said."""

from dataclasses import dataclass

from consult.accounts.models import Organisation, Person
from consult.comments.models import Comment, Stance
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.core import events, richtext
from consult.core.db import StaleVersionError, db, hold


@dataclass(frozen=True, kw_only=True)
class CommentPosted(events.Event):
    comment_id: int
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class CommentEdited(events.Event):
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class CommentWithdrawn(events.Event):
    comment_id: int


def post(thread: Thread, author: Person, *, body: str, about: Comment | None = None, stance: Stance | None = None,
         organisation: Organisation | None = None, official: bool = False, language: str = "it") -> Comment:
    """Say something in a thread; it waits for a moderator where the activity asks for it.

    A reply to a reply stands under the same comment. Raises ValueError for a reply to what stands elsewhere, and
    MandateError where the author does not speak for the organisation.
    """
    if about is not None and about.thread_id != thread.id:
        raise ValueError("a reply stands in the thread of what it replies to")
    comment = Comment(
        code=contributions.next_code(thread.activity, "comment"), activity=thread.activity, thread=thread,
        author=author, municipality_id=author.residence_id, language=language,
        about_id=(about.about_id or about.id) if about else None, body=body, body_html=richtext.render(body),
        stance=stance, official=official)
    contributions.sign(comment, author, organisation)
    contributions.begin(comment, contributions.first_state(thread.activity))
    events.record(CommentPosted(actor_id=author.id, comment_id=comment.id, thread_id=thread.id))
    return comment


def edit(comment: Comment, editor: Person, *, seen: int, body: str) -> None:
    """Change the text of a comment, keeping the earlier one; where moderators read before publication they read again.

    Raises StaleVersionError where the version seen is no longer the one saved, or somebody has replied by now. An
    equal text changes nothing.
    """
    if body == comment.body:
        return
    hold(comment, seen)
    db.session.refresh(comment, ["comment_count"])
    if comment.comment_count:  # since the page was opened: what somebody answers stays
        raise StaleVersionError(seen)
    contributions.keep_revision(comment, editor, body=comment.body)
    comment.body, comment.body_html = body, richtext.render(body)
    contributions.have_read_again(comment, editor)
    events.record(CommentEdited(actor_id=editor.id, comment_id=comment.id))


def withdraw(comment: Comment, actor: Person) -> None:
    """Take a comment back: its place in the thread says so, its text is shown to nobody."""
    contributions.change_state(comment, State.WITHDRAWN, actor)
    events.record(CommentWithdrawn(actor_id=actor.id, comment_id=comment.id))
