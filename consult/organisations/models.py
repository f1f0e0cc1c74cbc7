"""What organisations say of themselves, text by text."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation, Person
from consult.core import clock
from consult.core.db import Base, pk

UNREAD = sa.text("standing IN ('pending', 'published') AND looked_at IS NULL")


class Standing(enum.Enum):
    """Where a description is between those who wrote it and the public."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    """Another one stands in its place, or those who wrote it took it back."""


class Description(Base):
    """One text that an organisation gave of itself; what is public of them stands with the organisation too."""

    __tablename__ = "description"
    __table_args__ = (
        sa.Index("ix_description_unread", "created_at", "id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: Mapped[pk]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    writer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Who wrote it in the name of the organisation; none where nobody knows any more."""
    text: Mapped[str] = mapped_column(sa.Text)
    standing: Mapped[Standing]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    looked_at: Mapped[datetime | None]
    """When a moderator decided on it first."""
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("description.id"))

    organisation: Mapped[Organisation] = relationship()
    writer: Mapped[Person | None] = relationship()

    @property
    def byline(self) -> str:
        """In whose name it was written."""
        return self.organisation.name

    @property
    def body(self) -> str:
        return self.text
