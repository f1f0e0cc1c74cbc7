"""Papers in the box: each under its tag, with the entry that the ledger holds of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.core.db import db, insert, rows_touched, table
from consult.core.statements import made_once, out_of_date
from consult.ledger import entries
from consult.ledger import services as ledger
from consult.ledger.models import TagHistory
from consult.ledger.words import VOIDED
from consult.methods.interface import Marks
from consult.processes import services as processes
from consult.processes.models import Channel
from consult.voting import reserving
from consult.voting.holding import RefusedError
from consult.voting.models import Ballot, BallotPaper

REPLACED = ("municipality_id", "sequence", "channel", "marks", "nonce", "entry_hash")
"""What of a paper is another's when a later one takes its place."""


@dataclass(frozen=True)
class Lying:
    """What lies under a tag: the paper, if there is one, or what is remembered of earlier ones; held meanwhile."""

    sequence: int | None
    municipality_id: int | None
    former: int
    void: str | None
    ticked: bool
    """Whoever the tags stand for is ticked in the list of a polling place."""


@dataclass(frozen=True)
class Kept:
    """A paper that was put into the box."""

    tag: str
    sequence: int
    entry_hash: str


def sealed(ballot: Ballot, *, tag: str, marks: Marks, municipality_id: int | None,
           channel: Channel = Channel.ONLINE, sequence: int = 1) -> dict[str, Any]:
    """The columns of a paper, with a fresh nonce and the hash of its entry; of equal marks the text is the same."""
    return _sealed(ballot, tag, marks, municipality_id, channel, sequence)[0]


def _sealed(ballot: Ballot, tag: str, marks: Marks, municipality_id: int | None, channel: Channel,
            sequence: int) -> tuple[dict[str, Any], bytes]:
    nonce, sorted_marks = entries.fresh_nonce(), dict(sorted(marks.items()))
    entry = entries.cast(ballot.id, tag, sorted_marks, sequence, nonce)
    return {"ballot_id": ballot.id, "tag": tag, "municipality_id": municipality_id, "sequence": sequence,
            "channel": channel, "marks": sorted_marks, "nonce": nonce, "entry_hash": entries.leaf_hash(entry)}, entry


def lying(ballot: Ballot, tags: Sequence[str]) -> Lying:
    """What lies under the first of these tags, after the log was held: until then a paper may be declared void."""
    own = {"ballot": ballot.id, "own": tags[0], "tags": tags}
    found = db.session.execute(_lying(), own).one()
    return Lying(found.sequence, found.municipality_id, found.former or 0, found.void, found.ticked is not None)


@made_once
def _lying() -> Any:
    """One question for all that is asked before a paper is put: a row is there also where nothing lies."""
    paper, log = table(BallotPaper), table(TagHistory)
    ballot: Any = sa.bindparam("ballot")
    own: Any = sa.bindparam("own")
    held = (sa.select(paper.c.sequence, paper.c.municipality_id)
            .where(paper.c.ballot_id == ballot, paper.c.tag == own).with_for_update(of=paper).cte("held"))
    known = sa.select(log.c.sequence, log.c.void).where(log.c.activity_id == ballot, log.c.tag == own).subquery("known")
    ticked = reserving.known(ballot, sa.bindparam("tags", expanding=True)).scalar_subquery()
    one = sa.select(ticked.label("ticked")).subquery("one")
    return sa.select(one.c.ticked, held.c.sequence, held.c.municipality_id, known.c.sequence.label("former"),
                     known.c.void).select_from(one.outerjoin(held, sa.true()).outerjoin(known, sa.true()))


def put(ballot: Ballot, tag: str, marks: Marks, place: int | None, channel: Channel, before: int = 0,
        found: Lying | None = None) -> Kept:
    """A paper under its tag, in place of the one that lies there; it enters the ledger in the same transaction.

    It is cast at least for the `before`-th time and once more. `found` is what lies under the tag, where that was
    asked already. Raises RefusedError under a tag whose paper was declared void.
    """
    found = found or lying(ballot, [tag])
    if found.sequence is None and found.void is not None:
        raise RefusedError(VOIDED)
    last = found.former if found.sequence is None else found.sequence
    row, entry = _sealed(ballot, tag, marks, place, channel, max(before, last) + 1)
    if found.sequence is None:
        if not rows_touched(_laying(), **row):  # somebody who holds nobody was first
            return put(ballot, tag, marks, place, channel, before)
        count(ballot, place, 1)
    else:
        _replace(ballot, found, row)
    ledger.cast(ballot.id, entry)
    return Kept(tag, row["sequence"], row["entry_hash"])


@made_once
def _laying() -> Any:
    return insert(table(BallotPaper)).on_conflict_do_nothing(index_elements=["ballot_id", "tag"])


def _replace(ballot: Ballot, found: Lying, row: Mapping[str, Any]) -> None:
    if found.municipality_id != row["municipality_id"]:
        count(ballot, found.municipality_id, -1)
        count(ballot, row["municipality_id"], 1)
    db.session.execute(_replacing(), {**row, "ballot": row["ballot_id"], "own": row["tag"]})
    out_of_date(BallotPaper, *REPLACED, which=lambda paper: paper.get("tag") == row["tag"])


@made_once
def _replacing() -> Any:
    own = table(BallotPaper)
    return (sa.update(own).where(own.c.ballot_id == sa.bindparam("ballot"), own.c.tag == sa.bindparam("own"))
            .values({name: sa.bindparam(name) for name in REPLACED}))


def put_new(ballot: Ballot, papers: Sequence[tuple[str, Marks, int | None]], channel: Channel) -> None:
    """Papers, each under a tag that nobody has had: many at once."""
    rows = [sealed(ballot, tag=tag, marks=marks, municipality_id=place, channel=channel)
            for tag, marks, place in papers]
    db.session.execute(sa.insert(table(BallotPaper)), rows)
    for place, number in Counter(place for _tag, _marks, place in papers).items():
        count(ballot, place, number)
    ledger.cast_many(ballot.id, (entries.cast(ballot.id, row["tag"], row["marks"], row["sequence"], row["nonce"])
                                 for row in rows))


def remove(ballot: Ballot, tags: Sequence[str]) -> dict[str, int]:
    """Take out the papers under these tags, which enters the ledger; answers how often each had been cast."""
    if not tags:
        return {}
    taken = _taken_out(ballot, tags)
    if taken:
        ledger.gone(ballot.id, {tag: sequence + 1 for tag, sequence in taken.items()})
    return taken


def take_void(ballot_id: int, tag: str) -> int | None:
    """Take out the paper that is declared void; answers how often it had been cast, None where there is none."""
    return _taken_out(db.session.get_one(Ballot, ballot_id), [tag]).get(tag)


def _taken_out(ballot: Ballot, tags: Sequence[str]) -> dict[str, int]:
    taken = db.session.execute(
        sa.delete(BallotPaper).where(BallotPaper.ballot_id == ballot.id, BallotPaper.tag.in_(tags))
        .returning(BallotPaper.tag, BallotPaper.municipality_id, BallotPaper.sequence)).all()
    for place, papers in Counter(row.municipality_id for row in taken).items():
        count(ballot, place, -papers)
    return {tag: sequence for tag, _place, sequence in taken}


def count(ballot: Ballot, municipality_id: int | None, by: int) -> None:
    """Move the public count of papers, which says nothing of what is on them."""
    db.session.execute(_counting(), {"counted": ballot.id, "by": by})
    processes.count(ballot, "paper", municipality_id, by)


@made_once
def _counting() -> Any:
    own = table(Ballot)
    return (sa.update(own).where(own.c.id == sa.bindparam("counted"))
            .values(paper_count=own.c.paper_count + sa.bindparam("by", type_=sa.Integer())))


def put_in_order(ballot_id: int) -> None:
    """Write the papers of a ballot anew in the order of their tags: a table may otherwise keep that of casting."""
    own = table(BallotPaper)
    if db.session.get_bind().dialect.name == "sqlite":
        return  # keeps them in that order by itself
    taken = sa.delete(own).where(own.c.ballot_id == ballot_id).returning(own).cte("taken")
    db.session.execute(sa.insert(own).from_select(list(own.c.keys()), sa.select(taken).order_by(taken.c.tag)))
