"""Which decisions are read by a second person, how they were drawn, and what that person says."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.moderation.models import Decision

_UNREAD = sa.text("read_at IS NULL")


class Draw(Base):
    """What decides by lot in a month: nobody knows it before, and everybody can draw again once it is told."""

    __tablename__ = "quality_draw"

    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    seed: Mapped[str] = mapped_column(sa.String(64), default=lambda: secrets.token_hex(32))


class SecondReading(Base):
    """A decision that somebody else reads without knowing who took it."""

    __tablename__ = "second_reading"
    __table_args__ = (
        sa.CheckConstraint("reader_id <> decider_id", name="another_person_reads"),
        sa.CheckConstraint("read_at IS NULL OR (reader_id IS NOT NULL AND agrees IS NOT NULL)",
                           name="read_by_somebody"),
        sa.Index("ix_second_reading_unread", "drawn_at", "id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    )

    id: Mapped[pk]
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    decider_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    """Who took the decision, so that the database itself refuses that they read it."""
    drawn_at: Mapped[datetime] = mapped_column(default=clock.now)
    reader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    agrees: Mapped[bool | None]
    read_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship()
