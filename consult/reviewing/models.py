"""Notes on parts of the plan that only the staff sees, and the state in which each part was left."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.planning.models import Plan

WHOLE = 0
"""In the place of a paragraph: the part as a whole."""


class ReviewState(enum.Enum):
    """How far a part of the plan is for those who write it."""

    WRITING = "writing"
    TO_READ = "to_read"
    AGREED = "agreed"


class PlanReview(Base):
    """The state that somebody gave to a part of the plan, or to a paragraph of it, and which text they saw then.

    Where there is none the part is being written, and a paragraph is as far as its section.
    """

    __tablename__ = "plan_review"

    part: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    """The part, as it is called in addresses."""
    paragraph: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=WHOLE)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    state: Mapped[ReviewState]
    mark: Mapped[str] = mapped_column(sa.String(64))
    """What the text was known by: once it says something else, nobody has agreed on it."""
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(24), default="")
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    set_by: Mapped[Person | None] = relationship()


class PlanNote(Base):
    """Something said about a part of the plan among those who write it, or the answer to it."""

    __tablename__ = "plan_note"
    __table_args__ = (sa.CheckConstraint("about_id IS NULL OR resolved_at IS NULL", name="answers_are_not_resolved"),)

    id: Mapped[pk]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    part: Mapped[str] = mapped_column(sa.String(12), index=True)
    """The part, as it is called in addresses."""
    paragraph: Mapped[int] = mapped_column(default=WHOLE)
    quote: Mapped[str] = mapped_column(sa.String(300), default="")
    """How the paragraph began when this was said: it stays when the paragraph is gone."""
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_note.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(24), default="")
    """As what the author was charged then."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)

    plan: Mapped[Plan] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])
