"""What people add to a text: pictures and documents."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.db import Base, pk
from consult.processes.models import Activity

MOST_WORDS = 300


class Attachment(Base):
    """A file that was checked and kept; until its form is sent in it belongs to nothing but whoever sent it."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.Index("ix_attachment_loose", "created_at",
                 sqlite_where=sa.text("contribution_id IS NULL"), postgresql_where=sa.text("contribution_id IS NULL")),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL) AND (width IS NULL) = (small_width IS NULL) "
                           "AND (width IS NULL) = (small_height IS NULL)", name="whole_measures"),
    )

    id: Mapped[pk]
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    """The random name under which the file is kept and asked for."""
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    mimetype: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    small_width: Mapped[int | None]
    small_height: Mapped[int | None]
    description: Mapped[str] = mapped_column(sa.String(MOST_WORDS), default="")
    """What a picture shows, for whoever does not see it; what a document is about."""
    moderated: Mapped[State] = mapped_column(default=State.PUBLISHED)
    """By itself it is public with its text, waits for a moderator though its text is public, or was hidden."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with what is said of it."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    owner: Mapped[Person] = relationship()
    contribution: Mapped[Contribution | None] = relationship()

    @property
    def state(self) -> State:
        """Where it is between its author and the public, as its text is; a loose file is as good as a draft."""
        written = self.contribution.state if self.contribution else State.DRAFT
        return self.moderated if written is State.PUBLISHED else written

    @property
    def activity(self) -> Activity | None:
        return self.contribution.activity if self.contribution else None

    @property
    def process_id(self) -> int | None:
        return self.contribution.process_id if self.contribution else None

    @property
    def picture(self) -> bool:
        return self.width is not None

    @property
    def form(self) -> str:
        """PDF, DOCX, JPG: what it is, as people say it."""
        return self.name.rpartition(".")[2].upper()
