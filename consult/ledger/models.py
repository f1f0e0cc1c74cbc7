"""The log of a ballot, what waits to enter it, and the heads that were signed. No person, and no time of a vote."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, append_only

HASH = 32
"""Bytes of a SHA-256."""


class Stage(enum.Enum):
    """How far a log is."""

    OPEN = "open"
    CLOSING = "closing"
    """Nothing more is cast; what waits is being moved into the log."""
    CLOSED = "closed"
    """The closing stands in the log and is signed; the key of a secret ballot is gone."""


class Ledger(Base):
    """What was fixed about a ballot when it opened, and how far its log is.

    `consultation` is canonical JSON, and its SHA-256 is in the first entry: neither question nor options can be
    changed afterwards. `edge` holds, in hexadecimal, the roots of the full subtrees of the log from the left, with
    which one more entry is hashed in.
    """

    __tablename__ = "ledger"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True, autoincrement=False)
    secret: Mapped[bool]
    """Entries enter the log in shuffled batches, and the key goes at the closing."""
    lasting: Mapped[bool]
    """The key is never destroyed: papers that are signed in public."""
    origin: Mapped[str] = mapped_column(sa.String(200))
    """The name of the log in what is signed."""
    consultation: Mapped[str] = mapped_column(sa.Text)
    stage: Mapped[Stage] = mapped_column(default=Stage.OPEN)
    size: Mapped[int] = mapped_column(default=0)
    edge: Mapped[list[Any]] = mapped_column(default=list)
    closed_at: Mapped[datetime | None]
    keyless: Mapped[bool] = mapped_column(default=False)
    """The key by which papers led to people has been destroyed."""


class PendingEntry(Base):
    """An entry written with the vote that it is about, until it is moved into the log. Kept in the order of hashes."""

    __tablename__ = "ledger_pending"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the hash, not of time

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger.activity_id"), primary_key=True)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(HASH), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(sa.LargeBinary)


@append_only
class LedgerEntry(Base):
    """An entry of the log. The database itself refuses to change or remove one."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("activity_id", "hash"),
        {"sqlite_with_rowid": False},
    )

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger.activity_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(HASH))
    leaf: Mapped[bytes] = mapped_column(sa.LargeBinary)


@append_only
class LedgerBlock(Base):
    """The root of a full block of 256 entries: with these a proof reads a few thousand rows of a million."""

    __tablename__ = "ledger_block"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - read by its key only

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger.activity_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(HASH))


@append_only
class Checkpoint(Base):
    """A signed head of the log: how many entries it had, and the one hash that stands for all of them."""

    __tablename__ = "ledger_checkpoint"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger.activity_id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(sa.Text)
    signed_at: Mapped[datetime] = mapped_column(default=clock.now)


class TagHistory(Base):
    """What was under a tag without a paper: how often a paper was cast there, and why it was voided, if it was."""

    __tablename__ = "ledger_tag"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the tag, not of time

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("ledger.activity_id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    void: Mapped[str | None] = mapped_column(sa.String(40))
