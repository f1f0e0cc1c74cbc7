"""Commenting, replying, changing and taking back what one said."""

from dataclasses import dataclass
from datetime import timedelta

from consult.accounts.models import Organisation, Person
from consult.comments import locking, mentions
from consult.comments.models import SIDES, Comment, OfficialReply, Stance
from consult.contributions import services as contributions
from consult.contributions import subjects
from consult.contributions.models import Side, State, Thread
from consult.core import clock, events
from consult.core.db import db, hold

QUIETLY = timedelta(minutes=15)
"""For so long a slip can be put right without a trace for readers, unless somebody has answered or agreed."""


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


@dataclass(frozen=True, kw_only=True)
class OfficialReplyGiven(events.Event):
    """The authority has answered: whoever wrote or follows what is discussed will want to know."""

    comment_id: int
    thread_id: int


@dataclass(frozen=True, kw_only=True)
class PersonMentioned(events.Event):
    """Somebody who spoke in the thread was called by name: they will want to know."""

    comment_id: int
    person_id: int


class LockedError(Exception):
    """The thread was locked at the instant at which somebody spoke in it."""


def post(thread: Thread, author: Person, *, body: str, about: Comment | None = None, stance: Stance | None = None,
         organisation: Organisation | None = None, official: bool = False, quote: str = "",
         language: str = "it") -> Comment:
    """Say something in a thread; it waits for a moderator where the activity asks for it.

    A reply to a reply stands under the same comment; `quote` is a passage of what it replies to. Raises ValueError
    for a reply to what stands elsewhere, and MandateError where the author does not speak for the organisation.
    Raises LockedError where the thread was locked meanwhile: what was written is then to be rolled back. An official
    reply is taken all the same.
    """
    thread = subjects.kept(thread)
    if about is not None and about.thread_id != thread.id:
        raise ValueError("a reply stands in the thread of what it replies to")
    called = mentions.found(thread, author, body)
    comment = Comment(
        code=contributions.next_code(thread.activity, "comment"), activity=thread.activity, thread=thread,
        author=author, municipality_id=author.residence_id, language=language,
        about_id=(about.about_id or about.id) if about else None, body=body,
        body_html=mentions.render(body, called.values()), stance=stance, official=official,
        quote=quote if about else "", quoted_id=about.id if about and quote else None,
        side=side_of(thread, stance) if about is None else None)
    contributions.sign(comment, author, organisation)
    contributions.begin(comment, State.PUBLISHED if official else contributions.first_state(thread.activity),
                        vouched=official)
    _come(comment, thread, author)
    events.record(CommentPosted(actor_id=author.id, comment_id=comment.id, thread_id=thread.id))
    if official:
        _reply(comment, thread, author)
    for person_id in called:
        events.record(PersonMentioned(actor_id=author.id, comment_id=comment.id, person_id=person_id))
    return comment


def _come(comment: Comment, thread: Thread, author: Person) -> None:
    """Whoever writes has read as far as that, in the same statement that finds the thread open still."""
    if comment.official:
        locking.visit(thread.id, author, upto=comment.id)
    elif not locking.visit_open(thread, author, upto=comment.id):
        db.session.refresh(thread, ["locked", "lock_reason"])
        raise LockedError


def edit(comment: Comment, editor: Person, *, seen: int, body: str) -> None:
    """Change the text of a comment, keeping the earlier one; where moderators read before publication they read again.

    After a quarter of an hour, or once somebody has answered or agreed, the earlier text stays readable for all.
    Raises StaleVersionError where the version seen is no longer the one saved. An equal text changes nothing.
    """
    if body == comment.body:
        return
    hold(comment, seen)
    db.session.refresh(comment, ["comment_count", "agree_count", "disagree_count"])
    thread = comment.thread
    before = mentions.found(thread, editor, comment.body) if thread else {}
    called = mentions.found(thread, editor, body) if thread else {}
    relied_on = _relied_on(comment)
    contributions.keep_revision(comment, editor, public=relied_on, body=comment.body)
    if relied_on:
        comment.edited_at = clock.now()
    comment.body, comment.body_html = body, mentions.render(body, called.values())
    contributions.have_read_again(comment, editor)
    events.record(CommentEdited(actor_id=editor.id, comment_id=comment.id))
    for person_id in called.keys() - before.keys():
        events.record(PersonMentioned(actor_id=editor.id, comment_id=comment.id, person_id=person_id))


def _relied_on(comment: Comment) -> bool:
    """Whether others may have taken the comment at its word: what it said then stays readable."""
    if comment.published_at is None:
        return False
    taken_up = comment.comment_count or comment.agree_count or comment.disagree_count
    return bool(taken_up) or clock.now() - comment.published_at > QUIETLY


def withdraw(comment: Comment, actor: Person) -> None:
    """Take a comment back: its place in the thread says so, its text is shown to nobody."""
    contributions.change_state(comment, State.WITHDRAWN, actor)
    events.record(CommentWithdrawn(actor_id=actor.id, comment_id=comment.id))


def _reply(comment: Comment, thread: Thread, author: Person) -> None:
    """Let a comment of the authority be found above its thread; moderators do not read it first."""
    db.session.add(OfficialReply(comment_id=comment.id, thread_id=thread.id))
    thread.replied_at = thread.replied_at or clock.now()
    db.session.flush()
    events.record(OfficialReplyGiven(actor_id=author.id, comment_id=comment.id, thread_id=thread.id))


def side_of(thread: Thread, stance: Stance | None) -> Side | None:
    """The column in which a comment of the first level stands; none where its thread has no columns."""
    if not thread.columns:
        return None
    return SIDES.get(stance, Side.OTHER) if stance else Side.OTHER
