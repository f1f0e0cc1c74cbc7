"""Who asked for a review of which decision, and what came of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.moderation.models import Decision

_OPEN = sa.text("answered_at IS NULL")


class Appeal(Base):
    """Somebody asks for another decision; the answer is the note of the decision that answers it."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.CheckConstraint("reviewer_id <> decider_id", name="another_person_decides"),
        sa.CheckConstraint("answered_at IS NULL OR (reviewer_id IS NOT NULL AND answer_id IS NOT NULL "
                           "AND upheld IS NOT NULL)", name="answered_in_words"),
        sa.Index("uq_appeal_open", "decision_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_appeal_open", "asked_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[pk]
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    decider_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    """Who took that decision, so that the database itself refuses that they review it."""
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Who asks: whoever wrote the text, or reported it."""
    of_author: Mapped[bool]
    words: Mapped[str] = mapped_column(sa.String(3000))
    """Why; empty once they have left."""
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    reviewer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    upheld: Mapped[bool | None]
    """Whether the review decided otherwise."""
    answer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    answered_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship(foreign_keys=decision_id)
    answer: Mapped[Decision | None] = relationship(foreign_keys=answer_id)
    person: Mapped[Person] = relationship(foreign_keys=person_id)

    @property
    def open(self) -> bool:
        return self.answered_at is None
