"""What is kept of the writing of the plan: texts that were saved, and texts that were not saved yet."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.planning.models import Plan


class Part(enum.Enum):
    """What of the plan is written on its own."""

    SECTION = "section"
    OBJECTIVE = "objective"
    ACTION = "action"


class PlanRevision(Base):
    """What a part of the plan said after it was saved. It stays when the part is gone."""

    __tablename__ = "plan_revision"
    __table_args__ = (sa.UniqueConstraint("part", "part_id", "number"),)

    id: Mapped[pk]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    part: Mapped[Part]
    part_id: Mapped[int]
    number: Mapped[int]
    """The version that the part had then."""
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(24), default="")
    """As what whoever saved it was charged, then; empty for what was there before the history was kept."""
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    restored_from: Mapped[int | None]
    """The number of the revision that was brought back with it."""

    plan: Mapped[Plan] = relationship()
    made_by: Mapped[Person | None] = relationship()


class PlanDraft(Base):
    """What somebody typed into a part of the plan and did not save yet: theirs alone, found again after a crash."""

    __tablename__ = "plan_draft"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    ref: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    """The part, as it is called in addresses."""
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    fields: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Pairs of the name of a field and what was typed into it, in the order of the form."""
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
