"""Discussions and the topics in them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.comments.models import Comment
from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core import paging
from consult.core.db import db
from consult.discussions.models import Discussion, Topic
from consult.processes.models import Activity, Phase, Process

_NEWEST = paging.Order(Contribution.id, descending=True)
ORDERS: dict[str, tuple[paging.Order, ...]] = {
    "recenti": (_NEWEST,),
    "discussi": (paging.Order(Contribution.comment_count, descending=True), _NEWEST),
}
"""The orders one can ask for, by their name in the address; the first is the usual one."""
MOST_PINNED = 10
MOST_OWN = 50


def discussion(id: int) -> Discussion | None:
    """A discussion with its phase and its percorso."""
    process = joinedload(Discussion.phase).joinedload(Phase.process).joinedload(Process.blackouts)
    return db.session.scalars(sa.select(Discussion).where(Discussion.id == id).options(process)).unique().first()


def pinned(discussion: Discussion) -> Sequence[Topic]:
    """The public topics that stand before the others."""
    return db.session.scalars(_public(discussion).where(Topic.pinned.is_(True)).order_by(
        Contribution.id.desc()).limit(MOST_PINNED)).all()


def topics(discussion: Discussion, order: str, after: str | None = None) -> paging.Page:
    """A page of the public topics that are not pinned, without their texts; an unknown order is the usual one."""
    return paging.page(_public(discussion).where(Topic.pinned.is_(False)), ORDERS.get(order, (_NEWEST,)), after=after)


def _public(discussion: Discussion) -> sa.Select[Topic]:
    return sa.select(Topic).where(
        Contribution.activity_id == discussion.id, Contribution.kind == "topic", Contribution.state == State.PUBLISHED,
    ).options(*by_names(), joinedload(Topic.thread), defer(Topic.summary), defer(Topic.summary_html))


def topic(id: int, slug: str | None = None) -> Topic | None:
    """A topic with all that its page shows of it; it is found by its id whatever slug the address names."""
    process = joinedload(Topic.activity.of_type(Discussion)).joinedload(Activity.phase).joinedload(Phase.process)
    found = db.session.scalars(sa.select(Topic).where(Topic.id == id).options(
        *by_names(), joinedload(Topic.thread), joinedload(Topic.summarised_by),
        process.joinedload(Process.blackouts))).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", found)
    return found


def rests_on(topic: Topic) -> Sequence[Comment]:
    """The public comments that the summary of a topic names, in the order in which it names them."""
    if not topic.rests_on:
        return []
    wanted = sa.select(Comment).where(Contribution.code.in_(topic.rests_on), Contribution.state == State.PUBLISHED)
    found = {comment.code: comment for comment in db.session.scalars(wanted.options(*by_names()))}
    return [found[code] for code in topic.rests_on if code in found]


def not_public_of(person: Any, discussion: Discussion) -> Sequence[Topic]:
    """The topics of somebody that others do not see: what waits or was hidden."""
    if not person.is_authenticated:
        return []
    return db.session.scalars(sa.select(Topic).where(
        Contribution.author_id == person.id, Contribution.activity_id == discussion.id,
        Contribution.state.in_([State.PENDING, State.HIDDEN]),
    ).order_by(Contribution.id.desc()).limit(MOST_OWN)).all()
