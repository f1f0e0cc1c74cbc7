"""What was filled in and not sent yet, unreadable without the code that was told to whoever saved it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base


class SavedAnswers(Base):
    """A form that somebody goes on with later. It names nobody, and the key to it is made from the code alone."""

    __tablename__ = "saved_answers"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the codes, not of time

    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    saved_on: Mapped[date] = mapped_column(default=clock.today, index=True)
    """The day, and no time: after 30 of them it goes."""
