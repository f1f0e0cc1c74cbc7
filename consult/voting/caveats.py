"""What somebody says of a commitment to which they consent with a reservation: kept apart from the paper.

It lies under a tag of its own, which does not lead to that of the paper; it is published once the ballot has closed,
without name.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from consult.core import keys
from consult.core.db import db
from consult.voting.models import Ballot, BallotCaveat
from consult.voting.voters import Voter


def keep(ballot: Ballot, voter: Voter, said: Mapping[str, str]) -> None:
    """Put what a voter says in place of what they said before; an empty text says nothing."""
    own, *_others = tags = _tags(ballot, voter)
    db.session.execute(sa.delete(BallotCaveat).where(BallotCaveat.ballot_id == ballot.id, BallotCaveat.tag.in_(tags)))
    rows = [{"ballot_id": ballot.id, "tag": own, "code": code, "text": text} for code, text in said.items() if text]
    if rows:
        db.session.execute(sa.insert(BallotCaveat), rows)


def of(ballot: Ballot, voter: Voter | None) -> dict[str, str]:
    """What a voter said, by code of the commitment."""
    if voter is None or not keys.exists(ballot.id):
        return {}
    rows = sa.select(BallotCaveat.code, BallotCaveat.text).where(
        BallotCaveat.ballot_id == ballot.id, BallotCaveat.tag.in_(_tags(ballot, voter)))
    return {row.code: row.text for row in db.session.execute(rows)}


def published(ballot: Ballot) -> dict[str, Sequence[str]]:
    """What was said, by code of the commitment, once the ballot is over; in the order of tags that mean nothing."""
    if not ballot.over():
        return {}
    rows = (sa.select(BallotCaveat.code, BallotCaveat.text).where(BallotCaveat.ballot_id == ballot.id)
            .order_by(BallotCaveat.code, BallotCaveat.tag))
    said: dict[str, list[str]] = {}
    for row in db.session.execute(rows):
        said.setdefault(row.code, []).append(row.text)
    return dict(said)


def _tags(ballot: Ballot, voter: Voter) -> list[str]:
    return [keys.tag(ballot.id, f"caveat:{identity}") for identity in voter.identities]
