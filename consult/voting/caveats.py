"""What somebody says of a commitment to which they consent with a reservation: kept apart from the paper.

It lies under a tag of its own, which does not lead to that of the paper; it is published once the ballot has closed,
without name. From then on a moderator can withhold a text that breaks the rules: readers learn that, and why.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import FlagReason
from consult.core import events, keys
from consult.core.db import db, rows_touched
from consult.voting.models import Ballot, BallotCaveat
from consult.voting.voters import Voter


def keep(ballot: Ballot, voter: Voter, said: Mapping[str, str]) -> None:
    """Put what a voter says in place of what they said before; an empty text says nothing."""
    own, *_others = tags = _tags(ballot, voter)
    db.session.execute(sa.delete(BallotCaveat).where(BallotCaveat.ballot_id == ballot.id, BallotCaveat.tag.in_(tags)))
    rows = [{"ballot_id": ballot.id, "tag": own, "code": code, "text": text} for code, text in said.items() if text]
    if rows:
        db.session.execute(sa.insert(BallotCaveat), rows)


def put(ballot: Ballot, papers: Iterable[Mapping[str, str]]) -> None:
    """Add what stands on papers that are nobody's here, each under a tag that was drawn for it and is kept nowhere."""
    said = sorted(((secrets.token_hex(16), paper) for paper in papers if paper), key=itemgetter(0))
    rows = [{"ballot_id": ballot.id, "tag": tag, "code": code, "text": text}
            for tag, paper in said for code, text in paper.items()]
    if rows:
        db.session.execute(sa.insert(BallotCaveat), rows)


def of(ballot: Ballot, voter: Voter | None) -> dict[str, str]:
    """What a voter said, by code of the commitment."""
    if voter is None or not keys.exists(ballot.id):
        return {}
    rows = sa.select(BallotCaveat.code, BallotCaveat.text).where(
        BallotCaveat.ballot_id == ballot.id, BallotCaveat.tag.in_(_tags(ballot, voter)))
    return {row.code: row.text for row in db.session.execute(rows)}


@dataclass(frozen=True, kw_only=True)
class CaveatWithheld(events.Event):
    """A moderator keeps what was said from readers; the mark is of the text, and nobody's."""

    ballot_id: int
    text_mark: str
    why: str


@dataclass(frozen=True, kw_only=True)
class CaveatShown(events.Event):
    """What was said can be read again by everybody."""

    ballot_id: int
    text_mark: str


@dataclass(frozen=True)
class Said:
    """What somebody said of a commitment, or why readers do not get it."""

    mark: str
    code: str
    text: str
    withheld: FlagReason | None

    @property
    def for_readers(self) -> "Said":
        """The same, without the text where it is withheld."""
        return replace(self, text="") if self.withheld else self


def published(ballot: Ballot) -> dict[str, list[Said]]:
    """What was said, by code of the commitment, once the ballot is over; in the order of tags that mean nothing."""
    said: dict[str, list[Said]] = {}
    for _tag, one in _all(ballot) if ballot.over() else ():
        said.setdefault(one.code, []).append(one.for_readers)
    return said


def marked(ballot: Ballot, mark: str) -> Said | None:
    """The whole of what was said under a mark, for whoever decides on it."""
    return next((one for _tag, one in _all(ballot) if one.mark == mark), None) if ballot.over() else None


def decide(ballot: Ballot, actor: Person, mark: str, why: FlagReason | None) -> None:
    """Keep from readers what was said under a mark, for this reason, or have them read it again."""
    which = [(tag, one.code) for tag, one in _all(ballot) if one.mark == mark]
    changed = sa.update(BallotCaveat).where(
        BallotCaveat.ballot_id == ballot.id, sa.tuple_(BallotCaveat.tag, BallotCaveat.code).in_(which),
        BallotCaveat.withheld.is_distinct_from(why)).values(withheld=why)
    if rows_touched(changed.execution_options(synchronize_session=False)):
        events.record(CaveatWithheld(actor_id=actor.id, ballot_id=ballot.id, text_mark=mark, why=why.value) if why
                      else CaveatShown(actor_id=actor.id, ballot_id=ballot.id, text_mark=mark))


def _all(ballot: Ballot) -> Iterator[tuple[str, Said]]:
    """Each thing that was said with its tag; its mark is made from the tag, and does not lead back to it."""
    rows = (sa.select(BallotCaveat.tag, BallotCaveat.code, BallotCaveat.text, BallotCaveat.withheld)
            .where(BallotCaveat.ballot_id == ballot.id).order_by(BallotCaveat.code, BallotCaveat.tag))
    for tag, code, text, withheld in db.session.execute(rows):
        mark = hashlib.sha256(f"{ballot.id}:{code}:{tag}".encode()).hexdigest()[:16]
        yield tag, Said(mark, code, text, withheld)


def _tags(ballot: Ballot, voter: Voter) -> list[str]:
    return [keys.tag(ballot.id, f"caveat:{identity}") for identity in voter.identities]
