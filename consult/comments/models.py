"""What people say about something."""

import enum
from datetime import datetime
from typing import ClassVar, Optional

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution, Side
from consult.core import clock, richtext
from consult.core.db import Base


class Stance(enum.Enum):
    """Where a comment stands towards what it is about."""

    FAVOURABLE = "favourable"
    NEUTRAL = "neutral"
    AGAINST = "against"
    QUESTION = "question"


SIDES: dict[Stance, Side] = {Stance.FAVOURABLE: Side.FOR, Stance.AGAINST: Side.AGAINST}
"""The column of each stance; every other stands apart."""


class Comment(Contribution):
    """A comment in a thread, or a reply to one."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    stance: Mapped[Stance | None]
    official: Mapped[bool] = mapped_column(default=False)
    """Written by staff in the name of the authority."""
    quoted_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment.id"), index=True)
    quote: Mapped[str] = mapped_column(sa.String(500), default="")
    """A passage of the quoted comment, as plain words."""
    edited_at: Mapped[datetime | None]
    """When it was last changed after others could rely on it: its earlier texts are public since."""

    quoted: Mapped[Optional["Comment"]] = relationship(
        foreign_keys=[quoted_id], remote_side=lambda: Comment.__table__.c.id)

    in_thread: ClassVar[bool] = True

    __mapper_args__ = {"polymorphic_identity": "comment"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return richtext.excerpt(self.body, 90)


class OfficialReply(Base):
    """A comment in which the authority answers: found without looking through its thread."""

    __tablename__ = "official_reply"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id"), index=True)


class Agreement(Base):
    """Somebody agrees or disagrees with a comment: one row per person by primary key."""

    __tablename__ = "agreement"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    agrees: Mapped[bool]
    given_at: Mapped[datetime] = mapped_column(default=clock.now)


class ThreadVisit(Base):
    """The latest comment that was there when somebody last read a thread: what came after is new to them."""

    __tablename__ = "thread_visit"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(sa.ForeignKey("thread.id"), primary_key=True, index=True)
    seen_id: Mapped[int]
