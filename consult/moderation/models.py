"""What moderators decided, and why."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Flag
from consult.core import clock
from consult.core.db import Base, append_only, pk


class Act(enum.Enum):
    """What a moderator may decide."""

    APPROVE = "approve"
    KEEP = "keep"
    HIDE = "hide"
    RESTORE = "restore"


class Reason(enum.Enum):
    """The rule on which a text is hidden."""

    OFFENCE = "offence"
    PERSONAL_DATA = "personal_data"
    DISCRIMINATION = "discrimination"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    PROPAGANDA = "propaganda"
    DUPLICATE = "duplicate"


@append_only
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
    """The version of the text that was decided on."""
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)

    contribution: Mapped[Contribution] = relationship()
    moderator: Mapped[Person] = relationship()


class DecisionCount(Base):
    """How often each act was decided for each reason: moved with each decision, for the public figures.

    `reason` is empty for acts that have none.
    """

    __tablename__ = "decision_count"

    act: Mapped[Act] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(24), primary_key=True, default="")
    count: Mapped[int] = mapped_column(default=0)


sa.Index("ix_flag_waiting", Flag.contribution_id, Flag.created_at,
         sqlite_where=sa.text("decided_at IS NULL"), postgresql_where=sa.text("decided_at IS NULL"))
# the queue begins with what readers reported and nobody decided yet, however many flags are settled
