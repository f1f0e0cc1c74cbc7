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
from consult.core.languages import Localized
from consult.processes.models import Activity, Process


class FrozenError(ValueError):
    """Frozen results never change, and are never made twice."""


class ResultSheet(Base):
    """The frozen answer of an activity: figures, tables, charts and how they were counted.

    Immutable: the session refuses to change one or to remove it. `content` is the canonical JSON text whose SHA-256,
    in hexadecimal, is `sha256`. Only `services.replace` lets another stand in its place, and keeps what stood there.
    """

    __tablename__ = "result_sheet"

    id: Mapped[pk]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), unique=True)
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    frozen_at: Mapped[datetime] = mapped_column(default=clock.now)

    activity: Mapped[Activity] = relationship()


class ReplacedSheet(Base):
    """Results as they had been frozen before others took their place, and why those did. Immutable too."""

    __tablename__ = "replaced_sheet"

    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first that was frozen."""
    content: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    frozen_at: Mapped[datetime]
    replaced_at: Mapped[datetime] = mapped_column(default=clock.now)
    why: Mapped[Localized]

    activity: Mapped[Activity] = relationship()


@sa.event.listens_for(ResultSheet, "before_update")
@sa.event.listens_for(ResultSheet, "before_delete")
@sa.event.listens_for(ReplacedSheet, "before_update")
@sa.event.listens_for(ReplacedSheet, "before_delete")
def _refuse(_mapper: Any, _connection: Any, sheet: ResultSheet | ReplacedSheet) -> None:
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
    proposed_reasons: Mapped[str] = mapped_column(sa.Text, default="")
    """With which reasons, where it is known."""
    reasons: Mapped[str] = mapped_column(sa.Text)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    proposed_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(sa.String(160), default="")
    """The deciding body, once it has decided."""
    act: Mapped[str] = mapped_column(sa.String(80), default="")
    """The number of its act."""
    decided_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    contribution: Mapped[Contribution] = relationship()
    proposed_by: Mapped[Person | None] = relationship()

    @property
    def decided(self) -> bool:
        return self.decided_on is not None

    @property
    def decision(self) -> str:
        """Who decided, and with which act."""
        return ", ".join(part for part in (self.decided_by, self.act) if part)

    @property
    def process_id(self) -> int:
        return self.contribution.process_id


class ReplyTemplate(Base):
    """An answer that fits many proposals, in each language, to begin from."""

    __tablename__ = "reply_template"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    verdict: Mapped[Verdict]
    text: Mapped[Localized]
    """`{code}` and `{title}` stand for those of the proposal."""
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship()


class BatchKind(enum.Enum):
    """Which of the two acts the lines of a file are."""

    PROPOSED = "proposed"
    DECIDED = "decided"


class OutcomeBatch(Base):
    """A file of outcomes that somebody sent: looked through first, then recorded whole or not at all."""

    __tablename__ = "outcome_batch"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    kind: Mapped[BatchKind]
    name: Mapped[str] = mapped_column(sa.String(120))
    """What the file was called."""
    lines: Mapped[list[Any]]
    """What stood in the file, line by line; lines on which nothing was filled in are left out."""
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_at: Mapped[datetime | None]
    recorded: Mapped[list[Any]] = mapped_column(default=list)
    """The codes whose outcome it made or changed."""
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    """Number, code and reason of each line that was not recorded."""

    process: Mapped[Process] = relationship()

    @property
    def done(self) -> bool:
        return self.recorded_at is not None
