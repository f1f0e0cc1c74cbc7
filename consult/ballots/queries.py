"""What a ballot can be made of, and what the office may know of one: never what was chosen before it closes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from consult.accounts.models import Person
from consult.ballots import promised
from consult.ballots.drafts import Draft
from consult.ballots.models import PapersFile
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.places.models import Place
from consult.processes import queries as processes
from consult.processes.models import Activity, ParticipationCount, Phase, Process
from consult.proposals.models import Proposal
from consult.territory.models import Municipality
from consult.voting import queries as voting
from consult.voting.models import Ballot

OFFERED = 40
"""So many proposals can be ticked; any other is named by its code."""


@dataclass(frozen=True)
class Turnout:
    """How many papers came from a place, and how many may vote there; `place` None for elsewhere or not stated."""

    place: Municipality | None
    papers: int
    eligible: int | None


def towns(process: Process) -> Sequence[Municipality]:
    """The municipalities of a percorso."""
    return processes.municipalities(process)


def draft(ballot: Ballot) -> Draft:
    """What is saved of a ballot."""
    return Draft.of(ballot, voting.electorate(ballot), len(towns(ballot.phase.process)),
                    promised.withdrawn(promised.of_options(ballot.options).values()))


def offered(process: Process) -> Sequence[Proposal]:
    """The public proposals of a percorso that can be voted on, those with the most supports first."""
    return db.session.scalars(_standing(process).order_by(
        Contribution.support_count.desc(), Contribution.id).limit(OFFERED)).all()


def proposals(process: Process, *, ids: Collection[int] = (), codes: Collection[str] = ()) -> Sequence[Proposal]:
    """Those of these proposals that are public and can be voted on."""
    if not (ids or codes):
        return []
    return db.session.scalars(_standing(process).where(
        sa.or_(Contribution.id.in_(ids), Contribution.code.in_(codes))).order_by(Contribution.id)).all()


def _standing(process: Process) -> sa.Select[Proposal]:
    return (sa.select(Proposal).join(Activity, Activity.id == Contribution.activity_id)
            .join(Phase, Phase.id == Activity.phase_id)
            .where(Phase.process_id == process.id, Activity.published.is_(True), Contribution.state == State.PUBLISHED,
                   Proposal.replaced_at.is_(None))
            .options(defer(Proposal.body), defer(Proposal.body_html)))


def places(proposals: Collection[Proposal]) -> dict[int, int]:
    """The municipality in which a proposal is to happen, by its id, where it says so."""
    rows = db.session.execute(sa.select(Place.contribution_id, Place.municipality_id).where(
        Place.contribution_id.in_([one.id for one in proposals])))
    return {row.contribution_id: row.municipality_id for row in rows}


def ballots(person: Person) -> Sequence[Ballot]:
    """The ballots of the percorsi that somebody is in charge of: a new one can be like one of them."""
    scopes = {grant.process_id for grant in person.active_grants}
    theirs = [] if None in scopes else [Process.id.in_([id for id in scopes if id is not None])]
    return db.session.scalars(
        sa.select(Ballot).join(Activity.phase).join(Phase.process).where(*theirs)
        .options(joinedload(Ballot.phase).joinedload(Phase.process)).order_by(Ballot.id.desc()).limit(100)).unique().all()


def turnout(ballot: Ballot) -> list[Turnout]:
    """How many have voted where, from the public counter."""
    rows = sa.select(ParticipationCount.municipality_id, ParticipationCount.count).where(
        ParticipationCount.phase_id == ballot.phase_id, ParticipationCount.activity_id == ballot.id,
        ParticipationCount.kind == "paper")
    counted: dict[int, int] = {place: int(number) for place, number in db.session.execute(rows)}
    eligible = voting.electorate(ballot)
    found = [Turnout(town, counted.pop(town.id, 0), eligible.get(town.id))
             for town in towns(ballot.phase.process) if not eligible or town.id in eligible or town.id in counted]
    elsewhere = sum(counted.values())
    return [*found, Turnout(None, elsewhere, None)] if elsewhere else found


def files(ballot: Ballot) -> Sequence[PapersFile]:
    """The files of papers of a ballot, the latest first."""
    return db.session.scalars(
        sa.select(PapersFile).where(PapersFile.ballot_id == ballot.id).options(defer(PapersFile.content))
        .order_by(PapersFile.id.desc()).limit(100)).all()


def file(id: int) -> PapersFile | None:
    """A file of papers with its ballot."""
    found = db.session.get(PapersFile, id)
    if found is not None:
        voting.ballot(found.ballot_id)
    return found


def files_moving(ballot: Ballot | None = None) -> Sequence[int]:
    """The ids of the files, of a ballot or of all, whose papers are being put into the box or taken out."""
    of = [PapersFile.ballot_id == ballot.id] if ballot else []
    return db.session.scalars(sa.select(PapersFile.id).where(PapersFile.taken != PapersFile.goal, *of)).all()
