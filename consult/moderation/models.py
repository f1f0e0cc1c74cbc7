"""What moderators decided, and why."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock
from consult.core.db import Base, pk


class Act(enum.Enum):
    APPROVE = "approve"
    KEEP = "keep"
    HIDE = "hide"
    RESTORE = "restore"


class Reason(enum.Enum):
    OFFENCE = "offence"
    PERSONAL_DATA = "personal_data"
    DISCRIMINATION = "discrimination"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    PROPAGANDA = "propaganda"
    DUPLICATE = "duplicate"


class Decision(Base):
    """One decision of a moderator: never changed, only followed by another."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("act <> 'hide' OR reason IS NOT NULL", name="hiding_has_a_reason"),
        sa.Index("ix_decision_contribution", "contribution_id", "id"),
    )

    id: Mapped[pk]
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"))
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    act: Mapped[Act]
    reason: Mapped[Reason | None]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    version_seen: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)

    contribution: Mapped[Contribution] = relationship()
    moderator: Mapped[Person] = relationship()
