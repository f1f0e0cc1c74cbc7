"""Taking a text to another activity of its percorso: what hangs on it goes along, and every count with it."""

from collections.abc import Sequence

import sqlalchemy as sa

from consult.amendments.models import Amendment
from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db
from consult.processes import services as processes
from consult.processes.models import Activity
from consult.proposals.models import CoAuthor, Proposal
from consult.search import services as search
from consult.voting import divided
from consult.voting.models import Support


def move(thing: Contribution, to: Activity, *, back: bool = False) -> None:
    """Let a text with its discussion and amendments stand in another activity; its code and address stay.

    Whoever wrote or supported any of it takes part in the phase to which it goes; where it only goes `back`, they no
    longer do in the one that it leaves unless something else of theirs stands there.
    """
    whole, left = _whole(thing), thing.activity.phase_id
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
    if to.phase_id != left:
        processes.took_part(to.phase_id, _people(Contribution.id.in_(ids)))
        if back:
            there = sa.select(Activity.id).where(Activity.phase_id == left)
            still = _people(Contribution.activity_id.in_(there)).subquery()
            gone = _people(Contribution.id.in_(ids)).subquery()
            processes.took_no_part(left, sa.select(gone.c.id).where(gone.c.id.not_in(sa.select(still.c.id))))


def _people(which: sa.ColumnElement[bool]) -> sa.CompoundSelect[int]:
    """Who wrote or supported what was ever public of some contributions."""
    public = (which, Contribution.published_at.is_not(None))
    return sa.union(
        sa.select(Contribution.author_id.label("id")).where(*public),
        sa.select(CoAuthor.person_id).join(Contribution, Contribution.id == CoAuthor.proposal_id).where(*public),
        sa.select(Support.person_id).join(Contribution, Contribution.id == Support.contribution_id).where(which))


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
