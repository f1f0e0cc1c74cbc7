"""What may be known of supports and ballots; the choices of a ballot only once it is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from consult.accounts.models import Organisation, Person
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, Thread
from consult.core import clock, keys
from consult.core.db import db, table
from consult.core.graphs import Graph, part
from consult.core.statements import made_once
from consult.methods.interface import Paper
from consult.methods.sifting import gathered
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.proposals.limits import COUNTED
from consult.proposals.models import Proposal, ProposalCall
from consult.territory.models import Municipality
from consult.verification.bearers import Bearer
from consult.voting import voters
from consult.voting.models import Ballot, BallotOption, BallotPaper, Electorate, Support
from consult.voting.voters import Voter


class StillOpenError(ValueError):
    """The choices made in a ballot are nobody's to see before it closes."""


def ballot(id: int) -> Ballot | None:
    """A ballot with its options and their municipalities."""
    return db.session.scalar(sa.select(Ballot).where(Ballot.id == id).options(
        selectinload(Ballot.options).joinedload(BallotOption.municipality)))


def to_vote_in(id: int) -> Ballot | None:
    """A ballot with what decides whether a paper can be cast, and none of its words."""
    return _to_vote_in().first({"wanted": id})


@cache
def _to_vote_in() -> Graph[Ballot]:
    return Graph(part(
        Ballot, *processes.deciding(Ballot), Ballot.method, Ballot.minimum, Ballot.maximum, Ballot.budget,
        Ballot.parameters, Ballot.seed, Ballot.secrecy, Ballot.by_organisation, Ballot.fixed,
        also={"places": _places_that_vote()}, phase=processes.phase_in_time()),
        table(Ballot).c.id == sa.bindparam("wanted"))


def _places_that_vote() -> sa.ColumnElement[str]:
    own = table(Electorate)
    ids = sa.func.aggregate_strings(sa.cast(own.c.municipality_id, sa.String), ",")
    return sa.func.coalesce(sa.select(ids).where(own.c.ballot_id == table(Ballot).c.id).scalar_subquery(), "")


def thread(ballot: Ballot) -> Thread | None:
    """Where a ballot is discussed, if it is."""
    id = db.session.scalar(sa.select(Thread.id).where(
        Thread.activity_id == ballot.id, Thread.subject.is_(None)).order_by(Thread.id).limit(1))
    return contributions.thread(id) if id is not None else None


def option(id: int) -> BallotOption | None:
    """An option with its ballot."""
    return db.session.get(BallotOption, id)


def tags_of(ballot: Ballot, voter: Voter) -> list[str]:
    """The tags under which a voter's paper may lie, first the one under which it is put.

    Raises KeyLostError where papers lie in the box but their key is gone.
    """
    return [keys.tag(ballot.id, identity, used=lambda: _any_paper(ballot)) for identity in voter.identities]


def _any_paper(ballot: Ballot) -> bool:
    known = sa.select(BallotPaper.ballot_id).where(BallotPaper.ballot_id == ballot.id)
    return db.session.scalar(known.limit(1)) is not None


def open_ballots() -> Sequence[Ballot]:
    """Those whose time has come and is not over."""
    now = clock.now()
    return db.session.scalars(sa.select(Ballot).where(Ballot.opens_at <= now, Ballot.closes_at > now)).all()


def paper_of(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> BallotPaper | None:
    """The paper that somebody cast, found by its tag; None also where the key no longer exists."""
    tags = _known_tags(ballot, person, organisation)
    found = {paper.tag: paper for paper in db.session.scalars(
        sa.select(BallotPaper).where(BallotPaper.ballot_id == ballot.id, BallotPaper.tag.in_(tags)))} if tags else {}
    return next((found[tag] for tag in tags if tag in found), None)


def has_voted(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> bool:
    """Whether somebody's paper is in the box, without looking at it."""
    tags = _known_tags(ballot, person, organisation)
    known = sa.select(BallotPaper.ballot_id).where(BallotPaper.ballot_id == ballot.id, BallotPaper.tag.in_(tags))
    return bool(tags) and db.session.scalar(known.limit(1)) is not None


def tag_of(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None = None) -> str:
    """The tag under which somebody's paper is put; nothing while there is no key."""
    return next(iter(_known_tags(ballot, person, organisation)), "")


def _known_tags(ballot: Ballot, person: Person | Bearer, organisation: Organisation | None) -> list[str]:
    if not keys.exists(ballot.id):
        return []
    voter = voters.voter(ballot, person, organisation)
    return tags_of(ballot, voter) if voter else []


def papers(ballot: Ballot) -> Iterator[Paper]:
    """What counting needs of the papers, each as often as there are of it.

    Raises StillOpenError, at once, while the ballot is not over.
    """
    if not ballot.over():
        raise StillOpenError(f"ballot {ballot.id} is not over")
    return _papers(ballot)


def _papers(ballot: Ballot) -> Iterator[Paper]:
    """Papers that say the same put together. Rows are taken as the driver gives them: with a million of them, to make
    something of each would take five times as long as to count them."""
    own = table(BallotPaper)
    said = (sa.select(sa.cast(own.c.marks, sa.Text), own.c.municipality_id, sa.cast(own.c.channel, sa.Text))
            .where(own.c.ballot_id == ballot.id))
    with db.session.connection().execute(said) as found:
        rows: Any = found.cursor
        yield from gathered(rows)


def places_that_vote(ballot: Ballot) -> frozenset[int]:
    """The ids of the municipalities that vote; empty where all do. Asked anew unless it came with the ballot."""
    if ballot.places is None:
        return frozenset(electorate(ballot))
    return frozenset(int(id) for id in ballot.places.split(",") if id)


def electorate(ballot: Ballot) -> dict[int, int]:
    """How many may vote, by id of the municipality; empty where nobody counted them."""
    return {row.municipality_id: row.eligible for row in db.session.execute(_electorate(), {"ballot": ballot.id})}


@made_once
def _electorate() -> Any:
    own = table(Electorate)
    return sa.select(own.c.municipality_id, own.c.eligible).where(own.c.ballot_id == sa.bindparam("ballot"))


def electorate_by_code(ballot: Ballot) -> dict[str, int]:
    """How many may vote, by ISTAT code of the municipality."""
    rows = (sa.select(Municipality.istat_code, Electorate.eligible)
            .join(Municipality, Municipality.id == Electorate.municipality_id)
            .where(Electorate.ballot_id == ballot.id).order_by(Municipality.istat_code))
    return {row.istat_code: row.eligible for row in db.session.execute(rows)}


def electorate_names(ballot: Ballot) -> list[str]:
    """The municipalities whose residents may vote, where only some may."""
    return list(db.session.scalars(
        sa.select(Municipality.name).join(Electorate, Electorate.municipality_id == Municipality.id)
        .where(Electorate.ballot_id == ballot.id).order_by(Municipality.position, Municipality.id)))


def to_be_supported(id: int) -> Proposal | None:
    """A proposal with what decides whether it may be supported, and none of its words or of those around it."""
    return _to_be_supported().first({"wanted": id})


@cache
def _to_be_supported() -> Graph[Proposal]:
    call = part(ProposalCall, *processes.deciding(ProposalCall), ProposalCall.supports_open, ProposalCall.supports_each,
                phase=processes.phase_in_time())
    return Graph(part(
        Proposal, Proposal.kind, Proposal.activity_id, Proposal.author_id, Proposal.state, Proposal.support_count,
        Proposal.version, Proposal.slug, Proposal.replaced_at, Proposal.coauthor_count, activity=call),
        table(Contribution).c.id == sa.bindparam("wanted"))


def supports(contribution: Contribution, person: Person) -> bool:
    """Whether a person supports a contribution."""
    known = sa.select(Support.person_id).where(Support.contribution_id == contribution.id,
                                               Support.person_id.in_(person.ids))
    return db.session.scalar(known.limit(1)) is not None


def supported_version(contribution: Contribution, person: Person) -> sa.ColumnElement[int | None]:
    """The version of a contribution, as it counts, that a person supports; nothing where they do not."""
    return sa.select(Support.version).where(Support.contribution_id == contribution.id,
                                            Support.person_id.in_(person.ids)).limit(1).scalar_subquery()


@dataclass(frozen=True)
class SupportRoom:
    """How many proposals of a call somebody may support at a time, and how many they do."""

    most: int
    given: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.given)


def support_room(call: Activity, person: Person) -> SupportRoom | None:
    """How many more proposals somebody may support in a call; None where as many as they like.

    What they gave themselves counts, also where it was hidden or goes along to what was made of a proposal; what was
    withdrawn gives it back.
    """
    if not isinstance(call, ProposalCall) or call.supports_each is None:
        return None
    given = db.session.scalar(
        sa.select(sa.func.count()).select_from(Support).join(Contribution, Contribution.id == Support.contribution_id)
        .where(Support.person_id.in_(person.ids), Support.consent_id.is_(None), Contribution.activity_id == call.id,
               Contribution.kind == "proposal", Contribution.state.in_(COUNTED)))
    return SupportRoom(call.supports_each, given or 0)


def most_given(call: ProposalCall) -> int:
    """How many proposals of a call somebody supports at most: its limit cannot be set lower."""
    each = (sa.select(sa.func.count().label("given")).select_from(Support)
            .join(Contribution, Contribution.id == Support.contribution_id)
            .where(Contribution.activity_id == call.id, Contribution.kind == "proposal",
                   Contribution.state.in_(COUNTED), Support.consent_id.is_(None))
            .group_by(Support.person_id).subquery())
    return db.session.scalar(sa.select(sa.func.max(each.c.given))) or 0
