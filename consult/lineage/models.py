"""Where proposals come from and what they became: merging and splitting, and who made which of what."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.processes.models import Activity
from consult.proposals.models import Proposal


class DerivationKind(enum.Enum):
    """How new proposals come out of others."""

    MERGE = "merge"
    SPLIT = "split"


class Side(enum.Enum):
    """What a proposal is in a derivation."""

    ORIGINAL = "original"
    SUCCESSOR = "successor"


class Derivation(Base):
    """The plan office merged some proposals into one, or it or a moderator split one into several, and says why."""

    __tablename__ = "derivation"
    __table_args__ = (
        sa.CheckConstraint("length(reason) >= 20", name="says_why"),
        sa.CheckConstraint("supporter_count >= 0", name="supporters_not_negative"),
    )

    id: Mapped[pk]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    kind: Mapped[DerivationKind]
    reason: Mapped[str] = mapped_column(sa.String(1000))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    supporter_count: Mapped[int]
    """How many supported the originals then, each person once however many of them they supported."""
    moderated: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """A moderator did it, for one of the reasons of moderation: its author is told by a statement of reasons."""
    tell_from: Mapped[datetime | None] = mapped_column(index=True)
    """From when on the others concerned are told, for as long as they are not."""

    activity: Mapped[Activity] = relationship()
    made_by: Mapped[Person | None] = relationship()
    members: Mapped[list["DerivationMember"]] = relationship(
        back_populates="derivation", order_by="DerivationMember.proposal_id", cascade="all, delete-orphan")

    @property
    def process_id(self) -> int:
        return self.activity.process_id

    def on_the(self, side: Side) -> list[Proposal]:
        """The originals, or what was made of them."""
        return [member.proposal for member in self.members if member.side is side]


class DerivationMember(Base):
    """A proposal that was merged or split, or that came out of it. Each is merged or split once, and made once."""

    __tablename__ = "derivation_member"
    __table_args__ = (sa.UniqueConstraint("proposal_id", "side"),)

    derivation_id: Mapped[int] = mapped_column(sa.ForeignKey("derivation.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    side: Mapped[Side]
    was_locked: Mapped[bool] = mapped_column(default=False)
    """Its discussion had been closed before."""

    derivation: Mapped[Derivation] = relationship(back_populates="members")
    proposal: Mapped[Proposal] = relationship()


class Descent(Base):
    """That one proposal came out of another, at once or over several steps: kept so that nobody climbs the tree."""

    __tablename__ = "descent"

    ancestor_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True, index=True)
