"""Threads as they are read: comments of the first level, the oldest first, with their replies."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.comments.models import Comment
from consult.contributions.models import Contribution, State, Thread
from consult.contributions.queries import FIRST_COMMENTS, FIRST_REPLIES, by_names, part_of_a_thread, whole_activity
from consult.core import paging
from consult.core.config import MAX_ID
from consult.core.db import db

_OLDEST_FIRST = (paging.Order(Contribution.id),)


@dataclass(frozen=True)
class Branch:
    """A comment of the first level and its first replies; `more` says that there are others."""

    comment: Comment
    replies: Sequence[Comment]
    more: bool


@dataclass(frozen=True)
class ThreadPage:
    """Some branches of a thread, and the cursor after which the next ones begin (None at the end)."""

    items: Sequence[Branch]
    next: str | None

    @property
    def comments(self) -> list[Comment]:
        """Every comment and reply on the page."""
        return [comment for branch in self.items for comment in (branch.comment, *branch.replies)]


def thread_page(thread: Thread, person: Any, after: str | None = None) -> ThreadPage:
    """The first comments of a thread after a cursor, as somebody may see them, in two queries."""
    first = sa.select(Comment).where(Contribution.thread_id == thread.id, Contribution.about_id.is_(None),
                                     _seen_by(person)).options(*by_names())
    page = paging.page(first, _OLDEST_FIRST, after=after, size=FIRST_COMMENTS)
    replies = _first_replies([comment.id for comment in page.items], person)
    branches = [Branch(comment, replies[comment.id][:FIRST_REPLIES], len(replies[comment.id]) > FIRST_REPLIES)
                for comment in page.items]
    return ThreadPage(branches, page.next)


def replies(comment: Comment, person: Any, after: str | None = None) -> paging.Page:
    """A page of the replies to a comment, as somebody may see them."""
    wanted = sa.select(Comment).where(Contribution.about_id == comment.id, _seen_by(person)).options(*by_names())
    return paging.page(wanted, _OLDEST_FIRST, after=after, size=FIRST_COMMENTS)


def comment(id: int) -> Comment | None:
    """A comment with its thread and all that decides whether it may be answered, edited or read."""
    return db.session.scalars(sa.select(Comment).where(Comment.id == id).options(
        *by_names(), joinedload(Comment.thread).joinedload(Thread.discussed),
        *whole_activity(Comment.activity))).unique().first()


def open_to_replies(thread: Thread, id: str) -> Comment | None:
    """The public comment of a thread with an id as somebody typed it."""
    if not id.isdecimal() or int(id[:12]) > MAX_ID:
        return None
    return db.session.scalar(sa.select(Comment).where(
        Contribution.id == int(id), Contribution.thread_id == thread.id, Contribution.state == State.PUBLISHED))


def _seen_by(person: Any) -> sa.ColumnElement[bool]:
    """What stands in the thread for all, and one's own comments that still wait."""
    if not person.is_authenticated:
        return part_of_a_thread()
    own = sa.and_(Contribution.state == State.PENDING, Contribution.author_id == person.id)
    return sa.or_(part_of_a_thread(), own)


def _first_replies(ids: list[int], person: Any) -> defaultdict[int, list[Comment]]:
    """By comment, its first replies and one more, if there is one."""
    found: defaultdict[int, list[Comment]] = defaultdict(list)
    if not ids:
        return found
    place = sa.func.row_number().over(partition_by=Contribution.about_id, order_by=Contribution.id).label("place")
    ranked = (sa.select(Contribution.id, place).select_from(Contribution.__table__)
              .where(Contribution.about_id.in_(ids), _seen_by(person)).subquery())
    wanted = (sa.select(Comment).join(ranked, ranked.c.id == Contribution.id)
              .where(ranked.c.place <= FIRST_REPLIES + 1).options(*by_names()).order_by(Contribution.id))
    for reply in db.session.scalars(wanted):
        if reply.about_id is not None:
            found[reply.about_id].append(reply)
    return found
