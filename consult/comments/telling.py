"""What the story of a contribution tells of its discussion."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.comments.views import official_replies
from consult.contributions import life
from consult.contributions.life import Moment
from consult.contributions.models import Contribution, State
from consult.core import asking, clock
from consult.core.db import table


@asking.question("contribution", "last_comment")
def _last_comment(contribution: Contribution, _person: Any) -> sa.ColumnElement[Any]:
    """When the last public comment was made: the index of threads ends with it."""
    of, comment = table(Contribution).alias("discussed"), table(Contribution).alias("last_comment")
    thread = sa.select(of.c.thread_id).where(of.c.id == contribution.id).scalar_subquery()
    return (sa.select(comment.c.created_at).where(comment.c.thread_id == thread, comment.c.kind == "comment",
                                                  comment.c.state == State.PUBLISHED)
            .order_by(comment.c.id.desc()).limit(1).scalar_subquery())


@life.told_by
def discussed(contribution: Contribution) -> list[Moment]:
    """In the story of what is discussed: how much, and until when."""
    if contribution.thread is None or contribution.in_thread or not contribution.comment_count:
        return []
    at = asking.answer("contribution", "last_comment", contribution)
    return [Moment(day=clock.local(at).date(), at=at, path="#commenti", by=_("Everybody who commented"),
                   what=ngettext("Discussed: %(num)s comment so far", "Discussed: %(num)s comments so far",
                                 contribution.comment_count))] if at else []


@life.told_by
def replies_given(contribution: Contribution) -> list[Moment]:
    """In the story of what is discussed: when the authority answered."""
    if contribution.thread is None or contribution.in_thread:
        return []
    return [Moment(day=clock.local(one.created_at).date(), what=_("Official reply"),
                   by=_("Authority"), said=one.heading,
                   path=f"/c/{one.code}", at=one.created_at) for one in official_replies(contribution.thread)]
