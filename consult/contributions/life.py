"""What became of a contribution, in the order of time: each feature tells of what it has done with it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from consult.contributions.models import Contribution, Revision
from consult.core.db import db

EDITS = 5
"""Of many changes only the latest are told."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened to a contribution on a day: what, by whom, in more words, and where it can be read."""

    day: date
    what: str
    by: str = ""
    """Who did it, by their role and never by their name."""
    said: str = ""
    path: str = ""
    at: datetime | None = None
    """The instant, where it is known: it gives the order within a day."""


Teller = Callable[[Contribution], Iterable[Moment]]
_tellers: list[Teller] = []


def told_by(teller: Teller) -> Teller:
    """Let a feature tell what it knows: it asks the database a bounded number of questions, or none."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def story(contribution: Contribution) -> list[Moment]:
    """All that is told, the earliest first; of one day what has no hour comes after what has one."""
    told = [moment for teller in _tellers for moment in teller(contribution)]
    return sorted(told, key=lambda moment: (moment.day, moment.at is None, moment.at.timestamp() if moment.at else 0))


def edits(contribution: Contribution) -> list[datetime]:
    """When a text was changed after it was sent in, the latest few; asks nothing where it never was."""
    if contribution.version < 2:
        return []
    return list(db.session.scalars(sa.select(Revision.created_at).where(Revision.contribution_id == contribution.id)
                                   .order_by(Revision.id.desc()).limit(EDITS)))
