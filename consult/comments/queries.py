"""Threads as they are read: comments of the first level with their replies, in one of several orders."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.comments.models import Agreement, Comment, OfficialReply, ThreadVisit
from consult.contributions.models import Contribution, Revision, Side, State, Thread
from consult.contributions.queries import (
    FIRST_COMMENTS,
    FIRST_IN_COLUMN,
    FIRST_REPLIES,
    THREAD_ORDERS,
    by_names,
    part_of_a_thread,
    whole_activity,
)
from consult.core import paging
from consult.core.config import MAX_ID
from consult.core.db import db
from consult.core.statements import among, made_once

USUAL = "primi"
OLDEST_FIRST = THREAD_ORDERS[USUAL]
MOST_OFFICIAL = 10
"""Replies of the authority that stand above a thread."""
MOST_NEWS = 100
"""New comments are counted as far as this."""
_itself, _parent, _answer, _reply = (aliased(Contribution, flat=True) for _each in range(4))


@dataclass(frozen=True)
class _Reader:
    """Stands for whoever reads, in statements that are made once."""

    is_authenticated: bool
    id: Any = None


_ANYBODY, _SOMEBODY = _Reader(False), _Reader(True, sa.bindparam("reader", type_=sa.Integer))


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
    side: Side | None = None
    official: Sequence[Comment] | None = None
    """The replies of the authority in the thread, where they were fetched with the page."""

    @property
    def comments(self) -> list[Comment]:
        """Every comment and reply on the page."""
        return [comment for branch in self.items for comment in (branch.comment, *branch.replies)]


@dataclass(frozen=True)
class _Fetched:
    """What a page of a thread is made of: comments by the one they reply to, the first level under None."""

    comments: dict[int | None, list[Comment]]
    official: Sequence[Comment] | None


@dataclass(frozen=True)
class News:
    """What came into a thread since somebody last read it: `seen_id` and `latest_id` are 0 where there is none."""

    seen_id: int = 0
    latest_id: int = 0
    how_many: int = 0

    @property
    def uncounted(self) -> bool:
        """True where there are more than were counted."""
        return self.how_many >= MOST_NEWS


def thread_page(thread: Thread, person: Any, after: str | None = None, *, order: str = "",
                side: Side | None = None) -> ThreadPage:
    """The first comments of a thread after a cursor, as somebody may see them, in two queries; an order that does
    not exist is the usual one.
    """
    page = _first_level(thread, person, after, order=order, side=side, size=FIRST_COMMENTS)
    return _whole(_branches(page, _with_replies(thread, page.items, person), side))


def columns(thread: Thread, person: Any, *, order: str = "") -> list[ThreadPage]:
    """The first comments of each column of a thread, as somebody may see them, in four queries."""
    pages = {side: _first_level(thread, person, order=order, side=side, size=FIRST_IN_COLUMN) for side in Side}
    comments = _with_replies(thread, [id for page in pages.values() for id in page.items], person)
    return [_whole(_branches(page, comments, side)) for side, page in pages.items()]


def official(thread: Thread) -> Sequence[Comment]:
    """The public replies of the authority in a thread, the latest first; asks nothing where there is none."""
    if thread.replied_at is None:
        return []
    return db.session.scalars(
        sa.select(Comment).join(OfficialReply, OfficialReply.comment_id == Comment.id)
        .where(OfficialReply.thread_id == thread.id, Contribution.state == State.PUBLISHED)
        .options(joinedload(Contribution.author)).order_by(OfficialReply.comment_id.desc()).limit(MOST_OFFICIAL)).all()


def _first_level(thread: Thread, person: Any, after: str | None = None, *, order: str, side: Side | None,
                 size: int) -> paging.Page:
    """The ids of the first comments of the first level after a cursor."""
    order = order if order in THREAD_ORDERS else USUAL
    place = paging.place(after, THREAD_ORDERS[order])
    wanted = _ids(order, size, known=person.is_authenticated, on_side=side is not None, later=bool(place))
    values = {"thread": thread.id, **place, **({"side": side} if side else {}), **_reading(person)}
    return paging.found(db.session.execute(wanted, values).all(), size)


@cache
def _ids(order: str, size: int, *, known: bool, on_side: bool, later: bool) -> sa.Select[Any]:
    """Planned for each thread: what is best for a quiet one would sort a long one whole."""
    wanted = sa.select(Contribution.id).where(
        Contribution.thread_id == sa.bindparam("thread"), Contribution.about_id.is_(None),
        Contribution.kind == "comment", seen_by(_SOMEBODY if known else _ANYBODY))
    if on_side:
        wanted = wanted.where(Contribution.side == sa.bindparam("side"))
    return paging.first(wanted, THREAD_ORDERS[order], size=size, later=later)


def _branches(page: paging.Page, fetched: _Fetched, side: Side | None) -> ThreadPage:
    first = {comment.id: comment for comment in fetched.comments.get(None, ())}
    replies = {id: fetched.comments.get(id, []) for id in page.items}
    return ThreadPage([Branch(first[id], replies[id][:FIRST_REPLIES], len(replies[id]) > FIRST_REPLIES)
                       for id in page.items if id in first], page.next, side, fetched.official)


def _whole(page: ThreadPage) -> ThreadPage:
    add_quoted(page.comments)
    return page


def replies(comment: Comment, person: Any, after: str | None = None) -> paging.Page:
    """A page of the replies to a comment, as somebody may see them."""
    wanted = sa.select(Comment).where(Contribution.about_id == comment.id, seen_by(person)).options(*by_names())
    page = paging.page(wanted, OLDEST_FIRST, after=after, size=FIRST_COMMENTS)
    add_quoted([comment, *page.items])
    return page


def add_quoted(comments: Iterable[Comment]) -> None:
    """Fetch at once the comments that others quote; what stands on the page itself is not asked for."""
    found = {comment.id: comment for comment in comments}
    quoting = [comment for comment in found.values() if comment.quoted_id is not None]
    elsewhere = {comment.quoted_id for comment in quoting} - found.keys()
    if elsewhere:
        wanted = sa.select(Comment).where(Comment.id.in_(elsewhere)).options(*by_names())
        found.update((comment.id, comment) for comment in db.session.scalars(wanted))
    for comment in quoting:
        set_committed_value(comment, "quoted", found.get(comment.quoted_id or 0))


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


def earlier_texts(comment: Comment) -> Sequence[Revision]:
    """The earlier texts of a comment that everyone may read, the first one first."""
    return db.session.scalars(
        sa.select(Revision).where(Revision.contribution_id == comment.id, Revision.public.is_(True))
        .order_by(Revision.version)).all()


def read_by(person: Any, thread: Thread, comments: Iterable[Comment]) -> tuple[News, dict[int, bool]]:
    """What came into a thread since somebody last read it, and what they said to these comments with a click.

    Of the comments: whether they agree (True) or disagree (False), by id, the others left out. One query; nothing is
    asked for visitors.
    """
    if not person.is_authenticated or not thread.begun:
        return News(), {}
    said = sa.select(Agreement.comment_id, sa.cast(Agreement.agrees, sa.Integer), sa.literal(0), sa.literal(0)).where(
        Agreement.person_id == person.id, Agreement.comment_id.in_([comment.id for comment in comments]))
    found: Any = db.session.execute(sa.union_all(_news(thread, person), said))
    rows = sorted(tuple(row) for row in found)
    return News(*(value or 0 for value in rows[0][1:])), {id: bool(agrees) for id, agrees, *_zeros in rows[1:]}


def _news(thread: Thread, person: Any) -> sa.Select[Any]:
    seen = (sa.select(ThreadVisit.seen_id).where(
        ThreadVisit.person_id == person.id, ThreadVisit.thread_id == thread.id).scalar_subquery())
    public = sa.select(Contribution.id).where(
        Contribution.thread_id == thread.id, Contribution.kind == "comment", Contribution.state == State.PUBLISHED)
    latest = public.order_by(Contribution.id.desc()).limit(1).scalar_subquery()
    new = (public.where(Contribution.id > seen, Contribution.author_id != person.id)
           .order_by(Contribution.id).limit(MOST_NEWS).subquery())  # in order, so that it begins where they stopped
    how_many = sa.select(sa.func.count()).select_from(new).scalar_subquery()
    return sa.select(sa.literal(0), seen, latest, how_many)


def seen_by(person: Any, of: Any = Contribution) -> sa.ColumnElement[bool]:
    """What stands in the thread for all, and one's own comments that still wait."""
    if not person.is_authenticated:
        return part_of_a_thread(of)
    own = sa.and_(of.state == State.PENDING, of.author_id == person.id)
    return sa.or_(part_of_a_thread(of), own)


def _with_replies(thread: Thread, ids: Sequence[int], person: Any) -> _Fetched:
    """Comments of the first level, and of each of them its first replies and one more, if there is one; where the
    authority has replied in the thread, its replies as well, whatever page they stand on.
    """
    if not ids:
        return _Fetched({}, None)
    answered = thread.replied_at is not None
    wanted = _whole_page(known=person.is_authenticated, answered=answered)
    found: dict[int | None, list[Comment]] = {}
    official: list[Comment] = []
    values = {"ids": list(ids), **_reading(person), **({"thread": thread.id} if answered else {})}
    for each, replied in db.session.execute(wanted, values):
        found.setdefault(each.about_id, []).append(each)
        if replied is not None and each.state is State.PUBLISHED:
            official.insert(0, each)
    return _Fetched(found, official[:MOST_OFFICIAL] if answered else None)


def _whole_page(*, known: bool, answered: bool) -> sa.Select[Comment, int | None]:
    return _WHOLE[known, answered]()


def _comments_with_replies(reader: Any, *, answered: bool) -> Any:
    """The last reply wanted of each comment is looked up first, so that a comment with many replies costs no more than
    one with few."""
    last = (sa.select(_reply.id).where(_reply.about_id == _parent.id, seen_by(reader, _reply))
            .order_by(_reply.id).offset(FIRST_REPLIES).limit(1).correlate(_parent).scalar_subquery())
    replies = (sa.select(_answer.id).join(_parent, _parent.id == _answer.about_id)
               .where(among(_parent.id, "ids"), _answer.id <= sa.func.coalesce(last, MAX_ID), seen_by(reader, _answer)))
    here = [sa.select(_itself.id).where(among(_itself.id, "ids")), replies]
    if not answered:
        return _in_order(sa.select(Comment, sa.null()), sa.union_all(*here))
    told = (sa.select(OfficialReply.comment_id).where(OfficialReply.thread_id == sa.bindparam("thread"))
            .order_by(OfficialReply.comment_id.desc()).limit(MOST_OFFICIAL).subquery())
    return _in_order(sa.select(Comment, OfficialReply.comment_id).outerjoin(
        OfficialReply, OfficialReply.comment_id == Comment.id), sa.union_all(*here, sa.select(told.c.comment_id)))


def _in_order(wanted: Any, ids: sa.CompoundSelect[Any]) -> Any:
    return wanted.where(Contribution.id.in_(ids)).options(*by_names()).order_by(Contribution.id)


_WHOLE: dict[tuple[bool, bool], Callable[[], sa.Select[Any]]] = {
    (known, answered): made_once(partial(_comments_with_replies, _SOMEBODY if known else _ANYBODY, answered=answered))
    for known in (False, True) for answered in (False, True)}


def _reading(person: Any) -> dict[str, int]:
    return {"reader": person.id} if person.is_authenticated else {}
