"""Moving what waits into the log, signing its head, and closing it: by portions, each whole, so that it can go on."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from consult.core import clock, events, jobs, keys
from consult.core.db import alone, db, table
from consult.ledger import entries, merkle, queries, signing
from consult.ledger.models import Checkpoint, Ledger, LedgerBlock, LedgerEntry, PendingEntry, Stage

log = logging.getLogger("consult.ledger")

PORTION = 2000
"""Entries moved at a time, so that nobody who votes waits long."""
BATCH = 50
"""Entries of a secret ballot that enter the log together, at least: sorted by hash, nobody sees which came first."""
SIGNED_EVERY = timedelta(minutes=10)
APPEALS = timedelta(days=30)
"""After the closing, until which a paper can be led back to its person, to void double identities."""


@dataclass(frozen=True, kw_only=True)
class LogSigned(events.Event):
    """A head of a log was signed, over so many entries."""

    activity_id: int
    size: int


@dataclass(frozen=True, kw_only=True)
class LogClosed(events.Event):
    """The closing stands in a log."""

    activity_id: int


@dataclass(frozen=True, kw_only=True)
class KeyDestroyed(events.Event):
    """From here on no paper of a ballot leads to anybody."""

    activity_id: int


def advance(activity_id: int) -> bool:
    """Move a portion of what waits into the log, and sign or close it if that is due; answers whether more is left."""
    alone(f"ledger {activity_id}")
    found = db.session.get_one(Ledger, activity_id, populate_existing=True)
    waiting = queries.waiting(activity_id)
    take = _due(found, waiting)
    if take:
        _move(found, take)
    left = _due(found, waiting - take) > 0
    if not left:
        if found.stage is Stage.CLOSING:
            _close(found)
        _sign(found)
    db.session.flush()
    return left


def _due(found: Ledger, waiting: int) -> int:
    """How many entries enter the log now: of a secret ballot never few, and while it is open some always stay back."""
    if not found.secret or found.stage is Stage.CLOSED:
        return min(waiting, PORTION)
    if found.stage is Stage.OPEN:
        most = min(waiting - BATCH, PORTION)
        return most if most >= BATCH else 0
    return waiting if waiting < PORTION + BATCH else PORTION


def _move(found: Ledger, most: int) -> None:
    """Taken out and written in one: what others add meanwhile stays where it is."""
    own = table(PendingEntry)
    first = (sa.select(own.c.hash).where(own.c.activity_id == found.activity_id)
             .order_by(own.c.hash).limit(most))
    taken = db.session.execute(
        sa.delete(own).where(own.c.activity_id == found.activity_id, own.c.hash.in_(first))
        .returning(own.c.hash, own.c.leaf))
    add(found, sorted((row.hash, row.leaf) for row in taken))


def add(found: Ledger, rows: Sequence[tuple[bytes, bytes]]) -> None:
    """Write entries, each with its hash, at the end of a log."""
    edge = merkle.Edge(found.size, map(bytes.fromhex, found.edge))
    inner = found.size % queries.BLOCK
    block = merkle.Edge(inner, edge.roots[len(edge.roots) - inner.bit_count():])
    written, full = [], []
    for hashed, leaf in rows:
        written.append({"activity_id": found.activity_id, "position": edge.size, "hash": hashed, "leaf": leaf})
        edge.append(hashed)
        block.append(hashed)
        if block.size == queries.BLOCK:
            full.append({"activity_id": found.activity_id, "number": edge.size // queries.BLOCK - 1,
                         "root": block.root()})
            block = merkle.Edge()
    db.session.execute(sa.insert(table(LedgerEntry)), written)
    if full:
        db.session.execute(sa.insert(table(LedgerBlock)), full)
    found.size, found.edge = edge.size, [root.hex() for root in edge.roots]


def _close(found: Ledger) -> None:
    leaf = entries.closing(found.activity_id, entries.fresh_nonce())
    add(found, [(merkle.leaf(leaf), leaf)])
    found.stage, found.closed_at = Stage.CLOSED, clock.now()
    events.record(LogClosed(actor_id=None, activity_id=found.activity_id))
    if found.secret:
        _forget(found)


def _forget(found: Ledger) -> None:
    """Destroy the key by which papers lead to people.

    A file is no part of the transaction, and need not be: nothing is cast any more in any case.
    """
    keys.destroy(found.activity_id)
    found.keyless = True
    events.record(KeyDestroyed(actor_id=None, activity_id=found.activity_id))


def _sign(found: Ledger) -> None:
    """Sign the head where the log has grown, every ten minutes and at the closing."""
    last = queries.last_checkpoint(found.activity_id)
    waits = last is not None and found.stage is Stage.OPEN and clock.now() < last.signed_at + SIGNED_EVERY
    if waits or (last is not None and last.size == found.size):
        return
    root = merkle.Edge(found.size, map(bytes.fromhex, found.edge)).root()
    try:
        note = signing.note(found.origin, found.size, root)
    except keys.KeyLostError:
        log.critical("the key that signs the logs is lost: the log of ballot %s goes on unsigned", found.activity_id)
        return
    db.session.add(Checkpoint(activity_id=found.activity_id, size=found.size, note=note))
    events.record(LogSigned(actor_id=None, activity_id=found.activity_id, size=found.size))


@jobs.every_minute
def move_what_waits() -> None:
    """Bring every log up to date, and destroy the keys whose time is over; of each, what was done is kept."""
    for activity_id in queries.unfinished():
        while advance(activity_id):
            jobs.keep()
        jobs.keep()
    over = clock.now() - APPEALS
    for found in queries.with_keys_until(over):
        _forget(found)
