"""Taking a text to another activity of its phase: what hangs on it goes along, and every count with it."""

from collections.abc import Sequence

import sqlalchemy as sa

from consult.amendments.models import Amendment
from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db
from consult.processes import services as processes
from consult.processes.models import Activity
from consult.proposals.models import Proposal
from consult.search import services as search
from consult.voting import divided


def move(thing: Contribution, to: Activity) -> None:
    """Let a text with its discussion and amendments stand in another activity; its code and address stay."""
    whole = _whole(thing)
    for one in whole:
        _count(one, -1)
    ids = [one.id for one in whole]
    threads = [one.thread_id for one in whole if one.thread_id is not None]
    db.session.execute(sa.update(Contribution).where(Contribution.id.in_(ids)).values(activity_id=to.id)
                       .execution_options(synchronize_session=False))
    db.session.execute(sa.update(Thread).where(Thread.id.in_(threads)).values(activity_id=to.id)
                       .execution_options(synchronize_session=False))
    db.session.expire_all()
    for one in whole:
        _count(one, 1)
    search.renew(ids)


def _whole(thing: Contribution) -> Sequence[Contribution]:
    """The text, the amendments to it, and all that is said in their threads."""
    about = [thing, *db.session.scalars(sa.select(Amendment).where(Amendment.proposal_id == thing.id))]
    threads = [one.thread_id for one in about if one.thread_id is not None]
    said = db.session.scalars(sa.select(Contribution).where(
        Contribution.thread_id.in_(threads), Contribution.id.not_in([one.id for one in about])))
    return [*about, *said]


def _count(one: Contribution, by: int) -> None:
    if one.state is not State.PUBLISHED:
        return
    processes.count(one.activity, one.kind, one.municipality_id, by)
    if isinstance(one, Proposal):
        for place, number in db.session.execute(divided.by_place(one.id)).all():
            processes.count(one.activity, "support", place, by * number)
