"""What people say about something."""

import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.contributions.models import Contribution
from consult.core import richtext


class Stance(enum.Enum):
    """Where a comment stands towards what it is about."""

    FAVOURABLE = "favourable"
    NEUTRAL = "neutral"
    AGAINST = "against"


class Comment(Contribution):
    """A comment in a thread, or a reply to one."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    stance: Mapped[Stance | None]
    official: Mapped[bool] = mapped_column(default=False)
    """Written by staff in the name of the authority."""

    in_thread: ClassVar[bool] = True

    __mapper_args__ = {"polymorphic_identity": "comment"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return richtext.excerpt(self.body, 90)
