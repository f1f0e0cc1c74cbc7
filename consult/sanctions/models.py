"""Who is, was or may be suspended, by whom and for how long."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk

ALONE, LONGEST = 7, 180
"""Days for which one moderator suspends, and for which two people do at most."""
_OPEN = sa.text("settled_at IS NULL")


class Suspension(Base):
    """A suspension; beyond a week it is proposed by one person and begins when another confirms it."""

    __tablename__ = "suspension"
    __table_args__ = (
        sa.CheckConstraint("confirmer_id <> proposer_id", name="another_person_confirms"),
        sa.CheckConstraint("days BETWEEN 1 AND 180", name="no_longer_than_half_a_year"),
        sa.CheckConstraint("days <= 7 OR ends_at IS NULL OR confirmer_id IS NOT NULL", name="four_eyes_beyond_a_week"),
        sa.Index("uq_suspension_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_suspension_open", "proposed_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    subject: Mapped[str] = mapped_column(sa.String(40))
    """The text for which it is, as in `contribution:12`."""
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"))
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"))
    proposer_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    days: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(24))
    note: Mapped[str] = mapped_column(sa.String(1000))
    """What the author will read; empty once they have left."""
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    """Who has answered the proposal, either way."""
    dismissal: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    """Why it was not confirmed; empty for all others, and once the author has left."""
    settled_at: Mapped[datetime | None]
    """Since when it waits for nobody."""
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    ends_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    """When it ended before its time."""

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    proposer: Mapped[Person] = relationship(foreign_keys=proposer_id)

    @property
    def open(self) -> bool:
        """True while another person has to answer."""
        return self.settled_at is None
