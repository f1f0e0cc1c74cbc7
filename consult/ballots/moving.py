"""Putting the papers of a file into the box and taking them out again: by portions, each whole, so that it can go on.

A file says how many of its papers lie in the box and how many are to; it goes from the one to the other at once where
that are few, and else behind the pages, letting everybody who votes in between.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.ballots import looking, queries
from consult.ballots.models import PapersFile
from consult.ballots.services import RefusedError
from consult.core import clock, events, jobs
from consult.core.db import db
from consult.methods.interface import Marks
from consult.processes.models import Channel
from consult.voting import services as voting
from consult.voting.holding import RefusedError as NotTakenError
from consult.voting.models import Ballot

AT_ONCE = 5_000
"""More papers than these are moved behind the page."""
PORTION = 2_000
TIME = timedelta(minutes=15)
"""What is left at least before the closing where many are moved."""
Papers = Iterator[tuple[str, Marks, int | None]]


@dataclass(frozen=True, kw_only=True)
class PapersFileStopped(events.Event):
    """The ballot closed before all papers of a file were put into the box, or taken out: so many lie there."""

    ballot_id: int
    file_id: int
    papers: int


def held(file_id: int) -> PapersFile | None:
    """A file as it now is, held until the transaction ends."""
    return db.session.scalar(sa.select(PapersFile).where(PapersFile.id == file_id).with_for_update()
                             .execution_options(populate_existing=True))


def demand_time(ballot: Ballot, papers: int) -> None:
    """Raise RefusedError where many papers are to be moved shortly before a ballot closes."""
    if papers > AT_ONCE and ballot.closes_at - clock.now() < TIME:
        raise RefusedError(_l("So many papers take some minutes, and the ballot closes before that: put off the "
                              "closing first."))


def begin(file: PapersFile, papers: int) -> None:
    """Move so many papers of a file that is held, now or behind the page. Raises RefusedError once it has closed."""
    waiting = looking.papers(file.ballot, file.seed, file.content)
    try:
        while _portion(file, waiting):  # the first at once in any case: from then on the options no longer change
            if papers > AT_ONCE:
                jobs.after_commit(move, file.id)
                return
    except NotTakenError as refusal:
        raise RefusedError(refusal.reason) from refusal


@jobs.task
def move(file_id: int) -> None:
    """Move the papers of a file until all are where they are to be; each portion is kept, for whoever looks."""
    file = held(file_id)
    if file is None or not file.moving or file.ballot.over():
        return
    at, goal = file.taken, file.goal
    waiting = looking.papers(file.ballot, file.seed, file.content)
    for _done in islice(waiting, at if at < goal else 0):
        pass
    while file is not None and (file.taken, file.goal) == (at, goal) and not file.ballot.over():
        if not _portion(file, waiting):
            return
        at = file.taken
        jobs.keep()
        file = held(file_id)


def _portion(file: PapersFile, waiting: Papers) -> bool:
    """Move a portion of the papers of a file that is held; answers whether more are left."""
    if file.taken < file.goal:
        coming = islice(waiting, min(PORTION, file.goal - file.taken))
        came = voting.put_papers(file.ballot, coming, channel=Channel.IMPORTED)
        file.taken += came
        file.goal = file.goal if came else file.taken
    else:
        leaving = range(max(file.goal, file.taken - PORTION), file.taken)
        voting.take_out(file.ballot, [looking.tag(file.seed, number) for number in leaving])
        file.taken -= len(leaving)
    left = file.moving
    if not left and not file.goal:
        db.session.delete(file)
    elif not left:
        file.content = ""
    db.session.flush()
    return left


@jobs.every_minute
def go_on() -> None:
    """Go on with what was interrupted; where the ballot has closed meanwhile, say how many papers lie in the box."""
    for file_id in queries.files_moving():
        file = held(file_id)
        if file is None or not file.moving:
            continue
        if not file.ballot.over():
            jobs.after_commit(move, file_id)
            continue
        file.goal, file.content = file.taken, ""
        events.record(PapersFileStopped(actor_id=None, ballot_id=file.ballot_id, file_id=file_id, papers=file.taken))
