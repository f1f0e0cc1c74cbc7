"""Notices and who has read them, copies of one's data, and what was removed when its time was over."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column

from consult.accounts.models import Person
from consult.accounts.standing import WHOEVER_ASKS
from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized


class PrivacyNotice(Base):
    """A version of the privacy notice; never changed, only followed by the next."""

    __tablename__ = "privacy_notice"

    id: Mapped[pk]
    version: Mapped[int] = mapped_column(unique=True)
    text: Mapped[Localized]
    """In Markdown."""
    changes: Mapped[Localized]
    """What is new in it, in a sentence: told to those who knew the former one."""
    since: Mapped[datetime] = mapped_column(default=clock.now)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class NoticeRead(Base):
    """Somebody had a version of the notice before them: when they registered, or when they said so."""

    __tablename__ = "notice_read"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 is the notice that comes with the software."""
    at: Mapped[datetime] = mapped_column(default=clock.now)


def _not_yet_read() -> sa.ColumnElement[bool]:
    """True of a person who has not had the version in force before them."""
    latest = sa.select(sa.func.max(PrivacyNotice.version)).scalar_subquery()
    had = sa.exists().where(NoticeRead.person_id == Person.id, NoticeRead.version == PrivacyNotice.version)
    return sa.exists().where(PrivacyNotice.version == latest, ~had.correlate(Person, PrivacyNotice))


Person.__mapper__.add_property(
    "owes_reading", column_property(_not_yet_read(), deferred=True, group=WHOEVER_ASKS))


class ExportState(enum.Enum):
    """How far a copy of somebody's data has come."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class PersonalExport(Base):
    """A copy of everything held of a person, made when they ask for it."""

    __tablename__ = "personal_export"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    """Random: it names the file, and no number leads from one to the next."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    finished_at: Mapped[datetime | None]


class RetentionRun(Base):
    """On one day one rule was applied: how many rows or files went."""

    __tablename__ = "retention_run"

    day: Mapped[date] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]
    removed: Mapped[int] = mapped_column(default=0)
