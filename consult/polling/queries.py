"""Boxes and how far they are, and how many have voted: never for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core import clock, disclosure
from consult.core.db import db, table
from consult.core.statements import made_once
from consult.polling.models import BallotBox, BoxPaper
from consult.processes import queries as processes
from consult.processes.models import Channel, ParticipationCount, Phase, Process
from consult.verification.models import CodeBatch, CodePurpose
from consult.voting import queries as voting
from consult.voting.models import Ballot, BallotPaper


@dataclass(frozen=True)
class Progress:
    """How many papers of a box were keyed once and wait for another, differ, or are agreed."""

    once: int = 0
    differ: int = 0
    agreed: int = 0


def running() -> Sequence[Ballot]:
    """Ballots that have not closed and in which people vote, what closes first first."""
    pauses = joinedload(Ballot.phase).joinedload(Phase.process).joinedload(Process.blackouts)
    return db.session.scalars(
        sa.select(Ballot).where(Ballot.closes_at > clock.now(), Ballot.by_organisation.is_(False))
        .options(pauses).order_by(Ballot.closes_at, Ballot.id).limit(20)).unique().all()


def box(id: int) -> BallotBox | None:
    """A box with its place, and its ballot with the options."""
    found = db.session.scalar(sa.select(BallotBox).where(BallotBox.id == id).options(
        joinedload(BallotBox.municipality), joinedload(BallotBox.ballot).joinedload(Ballot.phase).joinedload(
            Phase.process)))
    if found is not None:
        voting.ballot(found.ballot_id)
    return found


def keyed(id: int, number: int) -> BoxPaper | None:
    """A paper of a box, with what `box` answers of the box."""
    return paper(id, number) if box(id) is not None else None


def paper(box_id: int, number: int) -> BoxPaper | None:
    """A paper of a box, as it is now."""
    return db.session.scalar(sa.select(BoxPaper).where(BoxPaper.box_id == box_id, BoxPaper.number == number)
                             .execution_options(populate_existing=True))


def papers(box: BallotBox) -> Sequence[BoxPaper]:
    """What was keyed of a box that is not closed, as it is now."""
    return db.session.scalars(sa.select(BoxPaper).where(BoxPaper.box_id == box.id).order_by(BoxPaper.number)
                              .execution_options(populate_existing=True)).all()


def boxes(ballot: Ballot) -> Sequence[BallotBox]:
    """The boxes of a ballot by number, with their municipalities."""
    return db.session.scalars(sa.select(BallotBox).where(BallotBox.ballot_id == ballot.id)
                              .options(joinedload(BallotBox.municipality)).order_by(BallotBox.number)).all()


def progress(box: BallotBox) -> Progress:
    """How far the keying of a box is."""
    own = table(BoxPaper)
    second = own.c.second_by_id.is_not(None)
    row = db.session.execute(
        sa.select(_count(~own.c.agreed & ~second), _count(~own.c.agreed & second), _count(own.c.agreed))
        .where(own.c.box_id == box.id)).one()
    return Progress(*row)


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)


def waiting(box: BallotBox) -> tuple[list[int], list[int]]:
    """The numbers of the papers that wait for a second keying, and of those on which two people differ."""
    rows = db.session.execute(
        sa.select(BoxPaper.number, BoxPaper.second_by_id).where(BoxPaper.box_id == box.id, ~BoxPaper.agreed)
        .order_by(BoxPaper.number)).all()
    return ([number for number, second in rows if second is None],
            [number for number, second in rows if second is not None])


def next_number(box: BallotBox) -> int:
    """The number that the next new paper of a box gets."""
    last = db.session.scalar(sa.select(sa.func.max(BoxPaper.number)).where(BoxPaper.box_id == box.id))
    return (last or 0) + 1


def batches(ballot: Ballot) -> Sequence[CodeBatch]:
    """The sheets of codes that are for this ballot alone, the latest first."""
    return db.session.scalars(sa.select(CodeBatch).where(CodeBatch.activity_id == ballot.id)
                              .options(joinedload(CodeBatch.municipality)).order_by(CodeBatch.id.desc())).all()


@dataclass(frozen=True)
class Town:
    """Papers from a municipality, None where the number is kept back, and how many may vote there, if it is known."""

    name: str
    papers: int | None
    eligible: int | None


@dataclass(frozen=True)
class Turnout:
    """How many papers a ballot has so far, where from, and how many of the codes for its assemblies were used."""

    papers: int
    eligible: int | None
    towns: Sequence[Town]
    codes_given: int
    codes_used: int

    @property
    def kept_back(self) -> bool:
        """True where the number of some municipality is not shown."""
        return any(town.papers is None for town in self.towns)


def turnout(ballot: Ballot) -> Turnout:
    """How many have voted; a figure behind which fewer than five people stand, or that gives one away, is not told."""
    voted = {row.place: int(row.number) for row in db.session.execute(_voted(), {"ballot": ballot.id})}
    electorate = voting.electorate(ballot)
    towns = [town for town in processes.municipalities(ballot.phase.process) if not electorate or town.id in electorate]
    counts = [voted.get(town.id, 0) for town in towns]
    elsewhere = max(0, sum(voted.values()) - sum(counts))
    everywhere = [*counts, elsewhere] if elsewhere else counts
    shown = disclosure.protect([everywhere], column_totals=False)[0] if towns else []
    given = _codes_given(ballot)
    return Turnout(
        papers=ballot.paper_count, eligible=sum(electorate.values()) or None,
        towns=[Town(town.name, papers, electorate.get(town.id)) for town, papers in zip(towns, shown, strict=False)],
        codes_given=given, codes_used=_codes_used(ballot) if given else 0)


@made_once
def _voted() -> Any:
    own = table(ParticipationCount)
    return (sa.select(own.c.municipality_id.label("place"), sa.func.sum(own.c.count).label("number"))
            .where(own.c.activity_id == sa.bindparam("ballot"), own.c.kind == "paper")
            .group_by(own.c.municipality_id))


def _codes_given(ballot: Ballot) -> int:
    return db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(CodeBatch.number), 0))
        .where(CodeBatch.activity_id == ballot.id, CodeBatch.purpose == CodePurpose.ASSEMBLY,
               CodeBatch.cancelled_at.is_(None))) or 0


def _codes_used(ballot: Ballot) -> int:
    """Papers that were cast with codes of an assembly: asked only where there are such codes.

    The channel stands in the statement itself, as only then SQLite knows that its index holds just these.
    """
    assembly = sa.literal(Channel.ASSEMBLY, BallotPaper.channel.type, literal_execute=True)
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(BallotPaper)
        .where(BallotPaper.ballot_id == ballot.id, BallotPaper.channel == assembly)) or 0
