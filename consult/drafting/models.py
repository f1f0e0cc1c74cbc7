"""What is kept of the writing of the plan."""

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
