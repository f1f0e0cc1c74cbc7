"""The record of decisions: each holds the hash of the one before, so that none is changed, removed, added or moved."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from consult.core.db import db, insert, table
from consult.core.statements import made_once
from consult.ledger.canonical import canonical, plain
from consult.moderation.models import Decision, DecisionHead

FIELDS = ("number", "subject", "kind", "contribution_id", "process_id", "activity_id", "moderator_id", "role", "act",
          "reason", "rule_version", "note", "origin", "waiting_since", "version_seen", "snapshot", "details",
          "claim_id", "undoes_id", "decided_at", "previous")
"""All that is kept of a decision: any of it changed changes its digest."""
START = "0" * 64
"""What stands where the first decision names the one before it."""
ONLY = 1
"""The one row that holds the end of the record."""
PORTION = 2_000


@dataclass(frozen=True)
class Fault:
    """Where the record is not as it was written, and what is wrong there."""

    number: int
    what: str


def digest(row: Any) -> str:
    """SHA-256 over all that is kept of a decision, in hexadecimal digits."""
    return hashlib.sha256(canonical({name: _plain(getattr(row, name)) for name in FIELDS})).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None else plain(value)


def begin() -> None:
    """Have a record that nothing was entered into yet; where there is one, nothing changes."""
    empty = insert(DecisionHead).values(id=ONLY, size=0, digest=START)
    db.session.execute(empty.on_conflict_do_nothing(index_elements=["id"]))


def enter(decision: Decision, end: tuple[int, str]) -> None:
    """Put a decision after the `end` of the record, which is held: whoever adds another waits for this one."""
    size, decision.previous = end
    decision.number = size + 1
    decision.digest = digest(decision)
    db.session.add(decision)
    db.session.flush()
    db.session.execute(_ended(), {"to": decision.number, "last": decision.digest})


@made_once
def _ended() -> sa.Update:
    return sa.update(table(DecisionHead)).values(size=sa.bindparam("to"), digest=sa.bindparam("last"))


def end() -> tuple[int, str]:
    """How many decisions there are and the digest of the last, held for whoever enters the next."""
    begin()
    held = sa.select(DecisionHead.size, DecisionHead.digest).where(DecisionHead.id == ONLY).with_for_update()
    size, last = db.session.execute(held).one()
    return size, last


def chained(rows: Iterable[dict[str, Any]], size: int = 0, previous: str = START) -> Iterator[dict[str, Any]]:
    """Rows of decisions as they follow each other after so many, with their numbers and digests, for writing many."""
    for number, row in enumerate(rows, size + 1):
        whole = {**dict.fromkeys(FIELDS), **row, "number": number, "previous": previous}
        previous = digest(_Row(whole))
        yield {**whole, "digest": previous}


class _Row:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def end_at(size: int, last: str) -> None:
    """Say where the record ends, after many rows were written at once."""
    row = insert(DecisionHead).values(id=ONLY, size=size, digest=last)
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"size": size, "digest": last}))


def verify() -> list[Fault]:
    """Read the whole record again; answers what is wrong, by number: nothing, if nobody touched it."""
    faults: list[Fault] = []
    expected, previous = 1, START
    for row in _all():
        if row.number != expected:
            faults.append(Fault(expected, "missing" if row.number > expected else "twice"))
        elif row.previous != previous:
            faults.append(Fault(row.number, "does not follow the one before"))
        if digest(row) != row.digest:
            faults.append(Fault(row.number, "changed"))
        expected, previous = row.number + 1, row.digest
    end = db.session.execute(sa.select(DecisionHead.size, DecisionHead.digest)).first() or (0, START)
    if (expected - 1, previous) != (end[0], end[1] or START):
        faults.append(Fault(expected, "the record ends elsewhere than its head says"))
    return faults


def _all() -> Iterator[Any]:
    """Every row by its number, in portions, as it stands in the database and not as the session remembers it."""
    after, own = 0, table(Decision)
    while True:
        rows = db.session.execute(sa.select(own).where(own.c.number > after).order_by(own.c.number, own.c.id)
                                  .limit(PORTION)).all()
        yield from rows
        if len(rows) < PORTION:
            return
        after = rows[-1].number


def length() -> tuple[int, str]:
    """How many decisions there are, and the digest that stands for all of them."""
    found = db.session.execute(sa.select(DecisionHead.size, DecisionHead.digest)).first()
    return (found.size, found.digest or START) if found else (0, START)
