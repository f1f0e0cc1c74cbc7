"""What may be known of a log: its heads at any time, its entries once it has closed, and where an entry stands."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from consult.core.db import db
from consult.ledger import merkle
from consult.ledger.models import Checkpoint, Ledger, LedgerBlock, LedgerEntry, PendingEntry, Stage, TagHistory
from consult.processes.models import Activity

BLOCK = 256


class StillOpenError(ValueError):
    """What is in the entries of a ballot is nobody's to see before it closes: until then only hashes are."""


def exists(activity_id: int) -> bool:
    """Whether the log has begun: from then on nothing about the ballot can change."""
    return db.session.scalar(sa.select(Ledger.activity_id).where(Ledger.activity_id == activity_id)) is not None


def ledger(activity_id: int) -> Ledger | None:
    """The log of a ballot, once it has one."""
    return db.session.get(Ledger, activity_id)


def opened(activity_id: int) -> Ledger:
    """The log of a ballot that is known to have one."""
    return db.session.get_one(Ledger, activity_id)


def activity(id: int) -> Activity | None:
    """A ballot whose log has begun."""
    return db.session.scalar(sa.select(Activity).join(Ledger, Ledger.activity_id == Activity.id)
                             .where(Activity.id == id, Activity.kind == "ballot"))


def waiting(activity_id: int) -> int:
    """How many entries have not been moved into the log yet."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(PendingEntry)
                             .where(PendingEntry.activity_id == activity_id)) or 0


def unfinished() -> Sequence[int]:
    """The logs that something is to be done about: all that are not closed, and closed ones with new entries."""
    something = sa.exists().where(PendingEntry.activity_id == Ledger.activity_id)
    return db.session.scalars(sa.select(Ledger.activity_id).where(sa.or_(Ledger.stage != Stage.CLOSED, something))
                              .order_by(Ledger.activity_id)).all()


def with_keys_until(closed_before: datetime) -> Sequence[Ledger]:
    """Closed logs whose key is no longer needed."""
    return db.session.scalars(sa.select(Ledger).where(
        Ledger.closed_at <= closed_before, Ledger.keyless.is_(False), Ledger.lasting.is_(False))).all()


def last_checkpoint(activity_id: int) -> Checkpoint | None:
    """The last signed head."""
    return db.session.scalar(sa.select(Checkpoint).where(Checkpoint.activity_id == activity_id)
                             .order_by(Checkpoint.size.desc()).limit(1))


def heads_note(activity_id: int, size: int) -> str:
    """The signed head over so many entries, as text; empty where none was signed."""
    return db.session.scalar(sa.select(Checkpoint.note).where(
        Checkpoint.activity_id == activity_id, Checkpoint.size == size)) or ""


def checkpoints(activity_id: int, most: int | None = None) -> Sequence[Checkpoint]:
    """The signed heads, the last first."""
    return db.session.scalars(sa.select(Checkpoint).where(Checkpoint.activity_id == activity_id)
                              .order_by(Checkpoint.size.desc()).limit(most)).all()


def hashes(activity_id: int, low: int, high: int) -> list[bytes]:
    """The hashes of the entries from one position to before another."""
    return list(db.session.scalars(sa.select(LedgerEntry.hash).where(
        LedgerEntry.activity_id == activity_id, LedgerEntry.position >= low, LedgerEntry.position < high)
        .order_by(LedgerEntry.position)))


def leaves(activity_id: int) -> Iterator[bytes]:
    """The entries in their order. Raises StillOpenError, at once, before the log has closed."""
    found = db.session.get(Ledger, activity_id)
    if found is None or found.stage is not Stage.CLOSED:
        raise StillOpenError(activity_id)
    return _leaves(activity_id)


def _leaves(activity_id: int) -> Iterator[bytes]:
    yield from db.session.scalars(sa.select(LedgerEntry.leaf).where(LedgerEntry.activity_id == activity_id)
                                  .order_by(LedgerEntry.position).execution_options(yield_per=5000))


def hashed_leaves(activity_id: int) -> Iterator[tuple[bytes, bytes]]:
    """The entries of a closed log in their order, each after its hash."""
    rows = db.session.execute(sa.select(LedgerEntry.hash, LedgerEntry.leaf).where(
        LedgerEntry.activity_id == activity_id).order_by(LedgerEntry.position).execution_options(yield_per=5000))
    for row in rows:
        yield row.hash, row.leaf


def counts(activity_id: int) -> dict[str, int]:
    """How many papers were voided, by reason."""
    rows = db.session.execute(sa.select(TagHistory.void, sa.func.count()).where(
        TagHistory.activity_id == activity_id, TagHistory.void.is_not(None)).group_by(TagHistory.void))
    return {why: count for why, count in rows if why}


def consultation(found: Ledger) -> dict[str, Any]:
    """What was fixed about a ballot when it opened."""
    return cast(dict[str, Any], json.loads(found.consultation))


def proof(activity_id: int, position: int, size: int) -> list[bytes]:
    """The hashes that lead from an entry to the root over the first `size` of them."""
    full = size // BLOCK
    rows = db.session.execute(sa.select(LedgerBlock.number, LedgerBlock.root).where(
        LedgerBlock.activity_id == activity_id, LedgerBlock.number < full).order_by(LedgerBlock.number))
    blocks = [row.root for row in rows]
    own, last = position // BLOCK * BLOCK, full * BLOCK
    ends = {at: hashes(activity_id, at, min(at + BLOCK, size)) for at in {own, last}}

    def span(low: int, high: int) -> bytes:
        """Within a block from its entries, else from whole blocks and what is left at the end."""
        start = low // BLOCK * BLOCK
        if start in ends and high <= start + BLOCK:
            return merkle.root(ends[start][low - start:high - start])
        below = merkle.over_blocks(blocks[low // BLOCK:high // BLOCK], BLOCK)
        for hashed in ends[last] if high > last else ():
            below.append(hashed)
        return below.root()

    return merkle.inclusion(position, size, span)


def position(activity_id: int, entry_hash: str) -> int | None:
    """Where an entry stands in the log; None while it waits."""
    return db.session.scalar(sa.select(LedgerEntry.position).where(
        LedgerEntry.activity_id == activity_id, LedgerEntry.hash == bytes.fromhex(entry_hash)))


def leaf(activity_id: int, entry_hash: str) -> bytes | None:
    """The entry with a hash, in the log or on its way there."""
    hashed = bytes.fromhex(entry_hash)
    for kept in (PendingEntry, LedgerEntry):
        found = db.session.scalar(sa.select(kept.leaf).where(kept.activity_id == activity_id, kept.hash == hashed))
        if found is not None:
            return found
    return None
