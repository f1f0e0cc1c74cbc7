"""The tags of a percorso, who found which in what contribution, and what a look through all texts brought together.

Two read each contribution, without either knowing what the other found; who the two are can differ from one to the
next. What counts stands on a seat of its own: what both found alike, or what was decided where they differ.
"""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Process

DECIDED = 0
"""The seat of what counts; readers are numbered from 1."""
READINGS = 2
"""How many read a contribution."""


class Tag(Base):
    """What can be found in contributions to a percorso. One that was merged says into which."""

    __tablename__ = "sorting_tag"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "key"),
        sa.UniqueConstraint("process_id", "code"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_under_itself"),
    )

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    """A few capitals and digits by which it is called in files."""
    key: Mapped[str] = mapped_column(sa.String(120))
    """The Italian name in small letters without accents: two tags of a percorso never have the same."""
    name: Mapped[Localized]
    definition: Mapped[Localized]
    example: Mapped[str] = mapped_column(sa.String(600), default="")
    """A sentence to which it belongs."""
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sorting_tag.id"), index=True)
    retired: Mapped[bool] = mapped_column(default=False)
    """It is no longer offered; where it was found it stays."""
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sorting_tag.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped["Tag | None"] = relationship(remote_side="Tag.id", foreign_keys="Tag.merged_into_id")


class TagAct(enum.Enum):
    """What was done to a tag."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    RESUMED = "resumed"
    MERGED = "merged"


class TagChange(Base):
    """Something was done to a tag: what it was called and meant until then, or since it was added."""

    __tablename__ = "sorting_tag_change"

    id: Mapped[pk]
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("sorting_tag.id"), index=True)
    act: Mapped[TagAct]
    said: Mapped[dict[str, Any]]
    """Code, name, definition and example as they were before; of one merged, the code of the other too."""
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)

    tag: Mapped[Tag] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def name(self) -> Localized:
        return Localized(self.said["name"])

    @property
    def definition(self) -> Localized:
        return Localized(self.said["definition"])


class TagReader(Base):
    """Who reads the contributions to a percorso; a reader who has left stays a number."""

    __tablename__ = "sorting_reader"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "person_id"),
        sa.CheckConstraint("seat > 0", name="numbered_from_one"),
    )

    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


class TagReading(Base):
    """A contribution was read from a seat. Without tags: none of them fits it.

    On the seat of what counts, `decided_by_id` is who decided where the readers differed, and `agreed` tells that
    there was nothing to decide.
    """

    __tablename__ = "sorting_reading"
    __table_args__ = (sa.CheckConstraint("seat >= 0", name="known_seat"),)

    contribution_id: Mapped[int] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text_version: Mapped[int]
    """The version of the text that was read."""
    agreed: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)


class TagFound(Base):
    """A tag was found in a contribution, from a seat."""

    __tablename__ = "sorting_tag_found"
    __table_args__ = (
        sa.ForeignKeyConstraint(("contribution_id", "seat"), ("sorting_reading.contribution_id",
                                                              "sorting_reading.seat"), ondelete="CASCADE"),
        sa.Index("ix_sorting_tag_found_tag", "tag_id", "seat"),
    )

    contribution_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("sorting_tag.id"), primary_key=True, autoincrement=False)


class LookState(enum.Enum):
    """How far a look through all texts is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class Look(Base):
    """A look through all contributions of a percorso: which topics they speak of, and which say nearly the same."""

    __tablename__ = "sorting_look"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    wanted: Mapped[int] = mapped_column(default=0)
    """How many topics were asked for; 0 leaves it to the number of texts."""
    state: Mapped[LookState] = mapped_column(default=LookState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    """In hundredths."""
    topics: Mapped[list[Any]] = mapped_column(default=list)
    """Of each topic its words with their weights, as `[[word, weight], …]`."""
    texts: Mapped[int] = mapped_column(default=0)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()

    @property
    def finished(self) -> bool:
        return self.state in {LookState.READY, LookState.FAILED}


class LookedAt(Base):
    """What a look found of a contribution: its topic, and the earlier one that says nearly the same."""

    __tablename__ = "sorting_looked_at"
    __table_args__ = (
        sa.Index("ix_sorting_looked_at_topic", "look_id", "topic", "share"),
        sa.Index("ix_sorting_looked_at_near", "look_id", "near_id"),
    )

    look_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sorting_look.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    contribution_id: Mapped[int] = mapped_column(
        sa.ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True)
    topic: Mapped[int | None]
    """From 1; none where it speaks of none of them."""
    share: Mapped[float] = mapped_column(default=0.0)
    """How far its words are like those of that topic, between 0 and 1."""
    near_id: Mapped[int | None]
    """The first contribution of its group, itself if it is that one; none where nothing is near it."""
    likeness: Mapped[float] = mapped_column(default=0.0)
