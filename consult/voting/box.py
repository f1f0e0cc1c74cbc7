"""Papers in the box: each under its tag, with the entry that the ledger holds of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from consult.core.db import db, insert, table
from consult.core.statements import made_once
from consult.ledger import entries
from consult.ledger import queries as ledgers
from consult.ledger import services as ledger
from consult.ledger.words import VOIDED
from consult.methods.interface import Marks
from consult.processes import services as processes
from consult.processes.models import Channel
from consult.voting.holding import RefusedError
from consult.voting.models import Ballot, BallotPaper


def sealed(ballot: Ballot, *, tag: str, marks: Marks, municipality_id: int | None,
           channel: Channel = Channel.ONLINE, sequence: int = 1) -> dict[str, Any]:
    """The columns of a paper, with a fresh nonce and the hash of its entry; of equal marks the text is the same."""
    nonce = entries.fresh_nonce()
    sorted_marks = dict(sorted(marks.items()))
    return {"ballot_id": ballot.id, "tag": tag, "municipality_id": municipality_id, "sequence": sequence,
            "channel": channel, "marks": sorted_marks, "nonce": nonce,
            "entry_hash": entries.leaf_hash(entries.cast(ballot.id, tag, sorted_marks, sequence, nonce))}


def put(ballot: Ballot, tag: str, marks: Marks, place: int | None, channel: Channel, before: int = 0) -> BallotPaper:
    """A paper under its tag, in place of the one that lies there; it enters the ledger in the same transaction.

    It is cast at least for the `before`-th time and once more. Raises RefusedError under a tag whose paper was
    declared void.
    """
    def values(sequence: int) -> dict[str, Any]:
        return sealed(ballot, tag=tag, marks=marks, municipality_id=place, channel=channel, sequence=sequence)

    first = values(before + 1)
    paper = _held(first)
    if paper.entry_hash != first["entry_hash"]:
        _replace(ballot, paper, values(max(before, paper.sequence) + 1))
    else:
        _goes_on(ballot, paper, before, values)
        count(ballot, place, 1)
    ledger.cast(ballot.id, entries.cast(ballot.id, tag, paper.marks, paper.sequence, paper.nonce))
    return paper


def put_new(ballot: Ballot, papers: Sequence[tuple[str, Marks, int | None]], channel: Channel) -> None:
    """Papers, each under a tag that nobody has had: many at once."""
    rows = [sealed(ballot, tag=tag, marks=marks, municipality_id=place, channel=channel)
            for tag, marks, place in papers]
    db.session.execute(sa.insert(table(BallotPaper)), rows)
    for place, number in Counter(place for _tag, _marks, place in papers).items():
        count(ballot, place, number)
    ledger.cast_many(ballot.id, (entries.cast(ballot.id, row["tag"], row["marks"], row["sequence"], row["nonce"])
                                 for row in rows))


def _goes_on(ballot: Ballot, paper: BallotPaper, before: int, values: Callable[[int], dict[str, Any]]) -> None:
    """Have a new paper go on counting where an earlier one under its tag was taken back."""
    known = ledgers.before(ballot.id, paper.tag)
    if known.void is not None:
        raise RefusedError(VOIDED)
    if known.sequence > before:
        _set(paper, values(known.sequence + 1))


def _held(values: Mapping[str, Any]) -> BallotPaper:
    """A new paper, or the one that lies under its tag already; either is held until the transaction ends."""
    row = insert(BallotPaper).values(**values)
    kept = row.on_conflict_do_update(index_elements=["ballot_id", "tag"], set_={"tag": BallotPaper.tag})
    paper: BallotPaper = db.session.scalars(
        kept.returning(BallotPaper), execution_options={"populate_existing": True}).one()
    return paper


def _replace(ballot: Ballot, paper: BallotPaper, values: Mapping[str, Any]) -> None:
    if paper.municipality_id != values["municipality_id"]:
        count(ballot, paper.municipality_id, -1)
        count(ballot, values["municipality_id"], 1)
    _set(paper, values)


def _set(paper: BallotPaper, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(paper, name, value)
    db.session.flush()


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
