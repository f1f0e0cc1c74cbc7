"""What was found in which text, and what the office has set."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, pk

WAITS = sa.text("settled_at IS NULL")


class Signal(enum.Enum):
    """A sign that is looked for."""

    PERSONAL = "personal"
    """Personal data: tax codes, telephone numbers, addresses, plates, bank accounts."""
    INSULT = "insult"
    LINKS = "links"
    DOUBLE = "double"
    """Nearly the same is public in the same activity."""
    BURST = "burst"
    """Many texts within an hour by a new account."""
    CAPITALS = "capitals"
    CHANGED = "changed"
    """Its author changed it after the moderators had decided."""


class Mode(enum.Enum):
    """What follows from a sign; never a decision."""

    OFF = "off"
    HINT = "hint"
    """The text is public and lies before the moderators."""
    HOLD = "hold"
    """The text waits until a person has decided."""


class Finding(Base):
    """A sign found in a version of a text: which and where, never the words themselves."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.Index("ix_finding_waiting", "contribution_id", "found_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[pk]
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    version: Mapped[int]
    signal: Mapped[Signal]
    mode: Mapped[Mode]
    """What followed from it when it was found."""
    what: Mapped[str] = mapped_column(sa.String(16), default="")
    """For personal data, of which sort."""
    field: Mapped[str] = mapped_column(sa.String(24), default="")
    """The part of the text in which it stands; empty where it is about all of it."""
    begins: Mapped[int] = mapped_column(default=0)
    ends: Mapped[int] = mapped_column(default=0)
    """The letters of that part from which and up to which it stands."""
    number: Mapped[int] = mapped_column(default=0)
    """How many links or texts; of what is nearly the same, the id."""
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    settled_at: Mapped[datetime | None]
    """When a person has decided."""


class ScreeningSettings(Base):
    """What the office has set, in one row; none while it has set nothing."""

    __tablename__ = "screening_settings"

    id: Mapped[pk]
    version: Mapped[int] = mapped_column(default=0)
    modes: Mapped[dict[str, Any]]
    """For each sign what follows from it."""
    insults: Mapped[list[Any]]
    """Words that are insults wherever they stand."""
    of_people: Mapped[list[Any]]
    """Words that are insults when they are said of people."""
    contacts: Mapped[list[Any]]
    """Telephone numbers and e-mail addresses that everybody may write."""
