"""Commitments of the pact as options of a ballot, and what came out for each of them."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.ballots import parameters
from consult.ballots.drafts import OptionSaid
from consult.core import richtext
from consult.core.charts import Row, Sheet
from consult.core.db import db
from consult.core.languages import Localized
from consult.pact.models import Commitment, CommitmentState, Pact, PactState
from consult.processes.models import Phase, Process
from consult.results import queries as results
from consult.results.models import ResultSheet
from consult.voting.models import Ballot, BallotOption

TITLE, TEXT = 180, 1500
"""Letters of a title and of an explanation that the form of a ballot takes."""


@dataclass(frozen=True)
class Consent:
    """What the papers of a ballot said on one commitment."""

    consents: int
    """With or without a reservation."""
    reservations: int
    objections: int
    outcome: Localized


@dataclass(frozen=True)
class Vote:
    """A ballot in which a commitment is an option; `counted` once its results are out, for who may read them."""

    ballot: Ballot
    counted: bool
    consent: Consent | None
    """None of ballots by another way of voting."""


def commitments(process: Process, voted: Collection[int] = ()) -> Sequence[Commitment]:
    """The public commitments of the pact of a percorso that were not withdrawn, and these, voted on already."""
    public = sa.and_(sa.literal(process.published), Pact.state != PactState.DRAFT,
                     Commitment.state.not_in((CommitmentState.DRAFT, CommitmentState.WITHDRAWN)))
    return db.session.scalars(
        sa.select(Commitment).join(Pact)
        .where(Pact.process_id == process.id, sa.or_(Commitment.id.in_(voted), public))
        .order_by(Commitment.position, Commitment.id)).all()


def stands(commitment: Commitment) -> bool:
    """False once it was withdrawn: nobody is asked any more whether they consent to it."""
    return commitment.state is not CommitmentState.WITHDRAWN


def withdrawn(commitments: Iterable[Commitment]) -> tuple[str, ...]:
    """The codes of those that were withdrawn."""
    return tuple(one.code for one in commitments if not stands(one))


def as_option(commitment: Commitment, method: str) -> OptionSaid:
    """A commitment as an option: with its code in the title, and with its cost where cost matters."""
    cost = math.ceil(commitment.cost) if commitment.cost and parameters.matters("cost", method) else None
    return OptionSaid(code="", title=Localized.of(f"{commitment.code} · {richtext.excerpt(commitment.title, TITLE)}"),
                      text=Localized.of(richtext.excerpt(commitment.body, TEXT)) if commitment.body else Localized(),
                      cost=cost, commitment_id=commitment.id)


def of_options(options: Iterable[BallotOption]) -> dict[int | None, Commitment]:
    """The commitments that these options are, by their ids, in one query if there are any."""
    ids = [option.commitment_id for option in options if option.commitment_id]
    found = db.session.scalars(sa.select(Commitment).where(Commitment.id.in_(ids)).options(
        joinedload(Commitment.pact).joinedload(Pact.process))) if ids else ()
    return {one.id: one for one in found}


def votes(commitment: Commitment, may_read: Callable[[Ballot], bool]) -> list[Vote]:
    """The public ballots on a commitment, the first first, with what came out where that may be read."""
    options = db.session.scalars(
        sa.select(BallotOption).join(Ballot).where(
            BallotOption.commitment_id == commitment.id, Ballot.published.is_(True))
        .options(joinedload(BallotOption.ballot).joinedload(Ballot.phase).joinedload(Phase.process)
                 .joinedload(Process.blackouts)).order_by(Ballot.opens_at, Ballot.id)).unique().all()
    readable = [option.ballot_id for option in options if may_read(option.ballot)]
    sheets = results.sheets_of(readable) if readable else {}
    return [Vote(option.ballot, option.ballot_id in sheets, _consent(option, sheets.get(option.ballot_id)))
            for option in options]


def _consent(option: BallotOption, frozen: ResultSheet | None) -> Consent | None:
    """What a frozen sheet tells of an option: titles no longer change once people vote, and no two are the same."""
    if frozen is None or option.ballot.method != "consent":
        return None
    rows: list[Row] = [row for table in Sheet.from_json(frozen.content).tables if table.code == "options"
                       for row in table.rows if row.label == option.title]
    if len(rows) != 1:
        return None
    figures = [int(value) for value in rows[0].values[:3] if isinstance(value, int | float)]
    outcome = rows[0].values[-1]
    if len(figures) < 3 or not isinstance(outcome, Localized):
        return None
    plain, reserved, objected = figures
    return Consent(plain + reserved, reserved, objected, outcome)
