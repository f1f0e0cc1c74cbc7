"""Which contributions lie on the desk of a percorso, and their words without anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from consult.amendments.models import Amendment
from consult.comments.models import Comment
from consult.contributions.models import Contribution, State
from consult.contributions.queries import in_the_open
from consult.core.db import db, table
from consult.discussions.models import Topic
from consult.opinions.models import Statement
from consult.processes.models import Activity, Phase, Process
from consult.proposals.models import Proposal
from consult.remarks.models import Remark

KINDS: dict[str, type[Contribution]] = {
    "proposal": Proposal, "amendment": Amendment, "comment": Comment, "topic": Topic, "statement": Statement,
    "remark": Remark}
"""What people write, by its name in the rows and in addresses."""
_OWN_WORDS = {"amendment": ("reason",)}
"""Of an amendment the reason alone: the rest says again what the proposal says."""


@dataclass(frozen=True)
class Text:
    """What somebody wrote: a title where there is one, and the rest."""

    id: int
    kind: str
    language: str
    author_id: int
    title: str
    body: str


def activities_of(process: Process) -> sa.Select[int]:
    """The ids of the public activities of a percorso."""
    return sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id).where(
        Phase.process_id == process.id, Activity.published.is_(True))


def lying_there(process: Process) -> sa.ColumnElement[bool]:
    """Holds for contributions to a percorso that everybody can read: nothing hidden, withdrawn or held back."""
    below = table(Contribution).alias()
    own = table(Amendment)
    lost = sa.select(own.c.id).join(below, below.c.id == own.c.proposal_id).where(below.c.state != State.PUBLISHED)
    return sa.and_(Contribution.activity_id.in_(activities_of(process)), Contribution.kind.in_(list(KINDS)),
                   in_the_open(), Contribution.id.not_in(lost))


def columns_of(kind: str) -> list[sa.Column[Any]]:
    """The columns that hold what the author of a kind typed, a title first."""
    own = table(KINDS[kind])
    return [own.c[name] for name in names_of(kind)]


@cache
def names_of(kind: str) -> tuple[str, ...]:
    """The attributes that hold it."""
    own = table(KINDS[kind])
    return tuple(name for name in _OWN_WORDS.get(kind, KINDS[kind].texts) if name in own.c)


def text_of(contribution: Contribution) -> Text:
    """The words of a contribution that was loaded whole."""
    written = [getattr(contribution, name) for name in names_of(contribution.kind)]
    return _text(contribution.kind, (contribution.id, contribution.language, contribution.author_id, *written))


def number_of(process: Process) -> int:
    """How many contributions lie there."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(lying_there(process))) or 0


def texts_of(process: Process) -> Iterator[Text]:
    """All that lies there as plain words: as many queries as there are kinds."""
    for kind in KINDS:
        rows = db.session.execute(_reading(kind).where(lying_there(process)).order_by(Contribution.id))
        yield from (_text(kind, row) for row in rows)


@cache
def _reading(kind: str) -> sa.Select[Any]:
    own = table(KINDS[kind])
    return sa.select(Contribution.id, Contribution.language, Contribution.author_id, *columns_of(kind)).join(
        own, own.c.id == Contribution.id).where(Contribution.kind == kind)


def _text(kind: str, row: Any) -> Text:
    id, language, author_id, *written = row
    words = [one or "" for one in written]
    titled = names_of(kind)[0] == "title"
    return Text(id, kind, language, author_id, words[0] if titled else "", "\n".join(words[1:] if titled else words))
