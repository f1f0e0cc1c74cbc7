"""Discussions opened in a phase, and the topics in them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import richtext
from consult.core.languages import Localized
from consult.processes.models import Activity


class Openers(enum.Enum):
    """Who opens topics."""

    STAFF = "staff"
    EVERYBODY = "everybody"


class Discussion(Activity):
    """A place where topics are discussed."""

    __tablename__ = "discussion"

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    openers: Mapped[Openers] = mapped_column(default=Openers.STAFF)
    columns: Mapped[bool] = mapped_column(default=False)
    """New topics show their comments in columns, for and against."""

    __mapper_args__ = {"polymorphic_identity": "discussion"}  # noqa: RUF012


class Topic(Contribution):
    """What is discussed, and at the end what a facilitator drew from it."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(150))
    slug: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    pinned: Mapped[bool] = mapped_column(default=False)
    """Stands before the others."""
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    summary_html: Mapped[str] = mapped_column(sa.Text, default="")
    summarised_at: Mapped[datetime | None]
    summarised_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    rests_on: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of the comments that the summary names, in their order."""

    summarised_by: Mapped[Person | None] = relationship(foreign_keys=[summarised_by_id])

    __mapper_args__ = {"polymorphic_identity": "topic"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return self.title

    def reworded(self) -> None:
        """Let its page and its thread be named anew too."""
        super().reworded()
        self.slug = richtext.slug(self.title, 60)
        self.name_page()

    def name_page(self) -> None:
        """Let the thread know what is discussed, and where; the address needs the id."""
        if self.thread is not None:
            self.thread.label = Localized.of(self.title)
            self.thread.path = f"/argomenti/{self.id}-{self.slug}"
