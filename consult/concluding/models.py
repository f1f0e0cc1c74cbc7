"""The Documento di proposta partecipata of a percorso, its passages, and what was found harmless in it."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, append_only, pk
from consult.processes.models import Process

SHORTEST = 20
"""Characters of the shortest sentence."""


class Stage(enum.Enum):
    """How far the document has come (L.R. Emilia-Romagna 15/2018)."""

    DRAFT = "draft"
    CHECKED = "checked"
    SENT = "sent"
    RETURNED = "returned"
    VALIDATED = "validated"
    DELIVERED = "delivered"
    NOTED = "noted"


class Act(enum.Enum):
    """What brings it from one stage to another; the final report is sent while it stays where it is."""

    CHECK = "check"
    REOPEN = "reopen"
    SEND = "send"
    RETURN = "return"
    VALIDATE = "validate"
    DELIVER = "deliver"
    REPORT = "report"
    NOTE = "note"


class Part(enum.Enum):
    """The fields that are written on one page."""

    OBJECT = "object"
    BODIES = "bodies"
    PATH = "path"
    PROPOSALS = "proposals"
    AFTER = "after"
    RESOLUTION = "resolution"


class ParticipatoryProposalDocument(Base):
    """What a percorso hands to whoever decides: one for each, begun with the first part that is saved."""

    __tablename__ = "docpp"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), unique=True)
    stage: Mapped[Stage] = mapped_column(default=Stage.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Counts its passages: whoever makes one has seen the one before."""

    process: Mapped[Process] = relationship()
    parts: Mapped[list["DocumentPart"]] = relationship(order_by="DocumentPart.part")
    passages: Mapped[list["DocumentPassage"]] = relationship(order_by="DocumentPassage.number")
    alarms: Mapped[list["HarmlessMark"]] = relationship(order_by="HarmlessMark.id")


class DocumentPart(Base):
    """Some fields as the plan office is writing them: each part can be written by somebody else."""

    __tablename__ = "docpp_part"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("docpp.id"), primary_key=True, autoincrement=False)
    part: Mapped[Part] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, Any]]
    """By the name of the field, in Markdown."""
    version: Mapped[int] = mapped_column(default=1)
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


@append_only
class DocumentPassage(Base):
    """A passage that was made: when, with which numbers, and the document as it was then, kept for good.

    `content` is the canonical JSON whose SHA-256, in hexadecimal, is `sha256`. The session refuses to change a row or
    to remove it, and so does the database.
    """

    __tablename__ = "docpp_passage"
    __table_args__ = (
        sa.CheckConstraint("number >= 1", name="counted_from_one"),
        sa.CheckConstraint("act <> 'send' OR length(trim(protocol)) > 0", name="sent_under_a_number"),
        sa.CheckConstraint("act <> 'return' OR length(trim(note)) >= 20", name="returned_with_remarks"),
        sa.CheckConstraint("act <> 'note' OR (length(trim(resolution)) > 0 AND length(trim(body)) > 0)",
                           name="noted_by_somebody"),
    )

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("docpp.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[Act]
    dated: Mapped[date]
    protocol: Mapped[str] = mapped_column(sa.String(80), default="")
    """The number under which it was registered."""
    resolution: Mapped[str] = mapped_column(sa.String(80), default="")
    """The number of the act of the deciding body."""
    body: Mapped[str] = mapped_column(sa.String(160), default="")
    """The deciding body."""
    note: Mapped[str] = mapped_column(sa.Text, default="")
    """With what remarks it came back."""
    content: Mapped[str] = mapped_column(sa.Text, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    made_by: Mapped[Person | None] = relationship()


@append_only
class HarmlessMark(Base):
    """Somebody said of words in which the search saw a personal datum that they are none, and why; or took it back."""

    __tablename__ = "docpp_harmless"
    __table_args__ = (sa.CheckConstraint("length(trim(reason)) >= 20", name="says_why"),)

    id: Mapped[pk]
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("docpp.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(60))
    sort: Mapped[str] = mapped_column(sa.String(16))
    words: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.Text)
    harmless: Mapped[bool]
    """False where an earlier mark is taken back."""
    marked_at: Mapped[datetime] = mapped_column(default=clock.now)
    marked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    marked_by: Mapped[Person | None] = relationship()
