"""Restitutions as they are written and as they were published, and phases that were closed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.charts import Sheet
from consult.core.db import Base, append_only, pk
from consult.core.languages import Localized
from consult.processes.models import Activity, Axis, Phase, Process


class Restitution(Base):
    """"We asked, you said, we did" of an activity or of an axis, as the plan office is writing it."""

    __tablename__ = "restitution"
    __table_args__ = (sa.CheckConstraint("(activity_id IS NULL) <> (axis_id IS NULL)", name="of_one_thing"),)

    id: Mapped[pk]
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), unique=True)
    axis_id: Mapped[int | None] = mapped_column(sa.ForeignKey("axis.id"), unique=True)
    asked: Mapped[Localized]
    said: Mapped[Localized]
    done: Mapped[Localized]
    version: Mapped[int] = mapped_column(default=1)
    edited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    activity: Mapped[Activity | None] = relationship()
    axis: Mapped[Axis | None] = relationship()

    @property
    def of(self) -> Activity | Axis:
        """What it is about."""
        found = self.activity or self.axis
        if found is None:
            raise LookupError(f"restitution {self.id} is of nothing")
        return found

    @property
    def process(self) -> Process:
        of = self.of
        return of.process if isinstance(of, Axis) else of.phase.process


@append_only
class RestitutionEdition(Base):
    """A restitution as it was published, with the figures of that moment: it never changes, another one follows it."""

    __tablename__ = "restitution_edition"
    __table_args__ = (sa.CheckConstraint("number >= 1", name="counted_from_one"),)

    restitution_id: Mapped[int] = mapped_column(
        sa.ForeignKey("restitution.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[Localized]
    said: Mapped[Localized]
    done: Mapped[Localized]
    content: Mapped[str] = mapped_column(sa.Text)
    """The figures, as the canonical text of a sheet."""
    published_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    restitution: Mapped[Restitution] = relationship()

    @property
    def figures(self) -> Sheet:
        return Sheet.from_json(self.content)


@append_only
class PhaseClosing(Base):
    """A phase was closed: by whom, with how much still missing, and then why."""

    __tablename__ = "phase_closing"
    __table_args__ = (
        sa.CheckConstraint("without_restitution >= 0 AND without_outcome >= 0", name="counts_what_is_missing"),
        sa.CheckConstraint("(without_restitution = 0 AND without_outcome = 0) OR length(trim(reason)) >= 20",
                           name="nothing_missing_or_says_why"),
    )

    phase_id: Mapped[int] = mapped_column(sa.ForeignKey("phase.id"), primary_key=True, autoincrement=False)
    closed_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    without_restitution: Mapped[int]
    """Activities that had ended and were not told of."""
    without_outcome: Mapped[int]
    """Public contributions that called for an outcome and had none."""
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    phase: Mapped[Phase] = relationship()
    closed_by: Mapped[Person | None] = relationship()

    @property
    def forced(self) -> bool:
        """True where something was missing."""
        return bool(self.without_restitution or self.without_outcome)
