"""Writing to the log, in the transaction of the vote; and letting nothing more be cast."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from consult.core.db import db, insert, rows_touched, table
from consult.core.statements import made_once
from consult.ledger import entries, merkle, sequencing, signing, words
from consult.ledger.canonical import canonical, plain
from consult.ledger.models import Ledger, LedgerEntry, PendingEntry, Stage, TagHistory


class ClosedError(ValueError):
    """The log has closed: nothing more is cast."""


def stage(activity_id: int) -> Stage | None:
    """How far a log is, None where it has not begun; nothing can close it until the transaction ends."""
    found: Stage | None = db.session.scalar(_stage(), {"activity": activity_id})
    return found


def go_on(activity_id: int, found: Stage | None, secrecy: str, describe: Callable[[], Mapping[str, Any]]) -> None:
    """Make sure that a ballot has its log, which begins with what was fixed about it; `found` is its stage, held.

    `describe` is asked only where there is none yet. Raises ClosedError once it is closing.
    """
    if found is None and _begin(activity_id, secrecy, describe()):
        return
    if found is None:  # somebody else was first, and has committed
        found = stage(activity_id)
    if found is not Stage.OPEN:
        raise ClosedError(activity_id)


def held_stage(activity_id: Any) -> sa.Select[Any]:
    """How far a log is. Casting holds it as it is; moving entries into it does not wait for that, closing it does."""
    own = table(Ledger)
    return (sa.select(own.c.stage).where(own.c.activity_id == activity_id)
            .with_for_update(read=True, key_share=True, of=own))


@made_once
def _stage() -> Any:
    return held_stage(sa.bindparam("activity"))


def _begin(activity_id: int, secrecy: str, facts: Mapping[str, Any]) -> bool:
    fixed = canonical({**plain(facts), "c": str(activity_id), "secrecy": secrecy, "v": entries.VERSION,
                       "void_reasons": list(words.VOID_REASONS)})
    leaf = entries.opening(activity_id, fixed, entries.fresh_nonce())
    hashed = merkle.leaf(leaf)
    made = rows_touched(
        insert(table(Ledger)).on_conflict_do_nothing(index_elements=["activity_id"]),
        activity_id=activity_id, secret=secrecy == "secret", lasting=secrecy == "public", stage=Stage.OPEN, size=1,
        origin=signing.origin(activity_id), consultation=fixed.decode(), edge=[hashed.hex()], keyless=False)
    if made:
        db.session.execute(sa.insert(LedgerEntry), [
            {"activity_id": activity_id, "position": 0, "hash": hashed, "leaf": leaf}])
    return bool(made)


def cast(activity_id: int, leaf: bytes) -> None:
    """Have a paper that was cast enter the log: in the transaction of the vote, after `go_on`."""
    db.session.execute(_waiting(), {"activity_id": activity_id, "hash": merkle.leaf(leaf), "leaf": leaf})


def cast_many(activity_id: int, leaves: Iterable[bytes]) -> None:
    """The same for many papers at once, and for whatever else the log says of papers."""
    db.session.execute(_waiting(), [
        {"activity_id": activity_id, "hash": merkle.leaf(leaf), "leaf": leaf} for leaf in leaves])


def gone(activity_id: int, sequences: Mapping[str, int]) -> None:
    """Have it enter the log that papers were taken back: by tag, the how many-th act under it that is."""
    cast_many(activity_id, (entries.gone(activity_id, tag, sequence, entries.fresh_nonce())
                            for tag, sequence in sequences.items()))
    db.session.execute(_remembering(), [
        {"activity_id": activity_id, "tag": tag, "sequence": sequence} for tag, sequence in sequences.items()])


@made_once
def _remembering() -> Any:
    row = insert(table(TagHistory))
    return row.on_conflict_do_update(index_elements=["activity_id", "tag"], set_={"sequence": row.excluded.sequence})


@made_once
def _waiting() -> Any:
    return sa.insert(table(PendingEntry))


def remember(activity_id: int, tag: str, **known: Any) -> None:
    """Keep what was under a tag that has no paper any more."""
    row = insert(table(TagHistory)).values(activity_id=activity_id, tag=tag, **{"sequence": 0, **known})
    db.session.execute(row.on_conflict_do_update(index_elements=["activity_id", "tag"], set_=known))


def close(activity_id: int) -> None:
    """Let nothing more be cast, and move what waits into the log; a job goes on with it where that is much.

    A ballot in which nobody could vote has no log, and none to close.
    """
    found = db.session.get(Ledger, activity_id, with_for_update=True, populate_existing=True)
    if found is None or found.stage is not Stage.OPEN:
        return
    found.stage = Stage.CLOSING
    db.session.flush()
    for _portion in range(3):
        if not sequencing.advance(activity_id):
            return
