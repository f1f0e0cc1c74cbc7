"""What came out of an activity, frozen; and what was decided of a contribution."""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock
from consult.core.db import Base, pk
from consult.processes.models import Activity


class FrozenError(ValueError):
    """Frozen results never change, and are never made twice."""


class ResultSheet(Base):
    """The frozen answer of an activity: figures, tables, charts and how they were counted.

    Immutable: the session refuses to change one or to remove it. `content` is the canonical JSON text whose SHA-256,
    in hexadecimal, is `sha256`.
    """

    __tablename__ = "result_sheet"

    id: Mapped[pk]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), unique=True)
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)

    activity: Mapped[Activity] = relationship()


@sa.event.listens_for(ResultSheet, "before_update")
@sa.event.listens_for(ResultSheet, "before_delete")
def _refuse(_mapper: Any, _connection: Any, sheet: ResultSheet) -> None:
    raise FrozenError(f"the results of activity {sheet.activity_id} are frozen")


class Verdict(enum.Enum):
    """What was decided of a contribution."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"
    UNDER_REVIEW = "under_review"


class Outcome(Base):
    """What became of a contribution: proposed by the steering group, decided by the deciding body, with reasons."""

    __tablename__ = "outcome"
    __table_args__ = (sa.CheckConstraint("length(reasons) >= 20", name="says_why"),)

    id: Mapped[pk]
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), unique=True)
    verdict: Mapped[Verdict]
    """What stands: decided, or else proposed."""
    proposed: Mapped[Verdict | None] = mapped_column(sa.Enum(
        Verdict, name="proposed_verdict", native_enum=False, length=24, create_constraint=True,
        values_callable=lambda verdicts: [verdict.value for verdict in verdicts]))
    """What had been proposed, where it is known."""
    reasons: Mapped[str] = mapped_column(sa.Text)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(sa.String(160), default="")
    """The deciding body and its act, once it has decided."""
    decided_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    contribution: Mapped[Contribution] = relationship()
    proposed_by: Mapped[Person | None] = relationship()

    @property
    def decided(self) -> bool:
        return self.decided_on is not None

    @property
    def process_id(self) -> int:
        return self.contribution.process_id
