"""Batches of answers: sheets of paper that are being copied, what was keyed of each, and files that were sent."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.processes.models import Channel
from consult.surveys.models import Survey


class EntryBatch(Base):
    """Sheets that came together by one way and are copied together, or the lines of a file."""

    __tablename__ = "entry_batch"

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), index=True)
    channel: Mapped[Channel]
    twice: Mapped[bool] = mapped_column(default=True)
    """Whether a second person keys each sheet again, and only what both agree on is taken."""
    from_file: Mapped[bool] = mapped_column(default=False)
    """Whether it holds the lines of a file, each under its number: nothing is keyed in it."""
    note: Mapped[str] = mapped_column(sa.String(120), default="")
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]

    survey: Mapped[Survey] = relationship()

    @property
    def activity(self) -> Survey:
        return self.survey

    @property
    def process_id(self) -> int:
        return self.survey.process_id


class EntrySheet(Base):
    """What was keyed of one sheet, under the number that somebody wrote on it. Once it is taken nothing of it stays.

    What was keyed is `{"municipality": id or None, "answers": {code of the question: answer}}`.
    """

    __tablename__ = "entry_sheet"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("entry_batch.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second: Mapped[dict[str, Any]] = mapped_column(default=dict)
    second_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    submission_id: Mapped[str | None] = mapped_column(sa.ForeignKey("submission.id"))

    batch: Mapped[EntryBatch] = relationship()

    @property
    def activity(self) -> Survey:
        return self.batch.survey

    @property
    def process_id(self) -> int:
        return self.batch.process_id

    @property
    def differs(self) -> bool:
        """True while two people have keyed it and did not agree."""
        return self.second_by_id is not None and self.submission_id is None


class EntryFile(Base):
    """A table of answers that somebody sent: looked through first, then taken as a batch or let go.

    Once it is taken nothing of what stands in it stays here; the row stays so that it is known when sent again.
    """

    __tablename__ = "entry_file"
    __table_args__ = (sa.UniqueConstraint("survey_id", "sha256"),)

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    """What the file was called."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of what stands in its cells, whatever the form of the file."""
    rows: Mapped[list[Any]] = mapped_column(default=list)
    """Its cells as texts, the heading first."""
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry_batch.id"), index=True)
    """What was made of it; None as long as it waits."""

    survey: Mapped[Survey] = relationship()
    batch: Mapped[EntryBatch | None] = relationship()

    @property
    def activity(self) -> Survey:
        return self.survey

    @property
    def process_id(self) -> int:
        return self.survey.process_id
