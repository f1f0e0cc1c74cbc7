"""Remarks on the draft plan, each on a passage of an edition, and where they stand in the editions after it."""

import enum
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock, richtext
from consult.core.db import Base, pk
from consult.editions.models import PlanEdition


class Wish(enum.Enum):
    """What somebody would do with a passage."""

    REMARK = "remark"
    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


class Remark(Contribution):
    """What somebody says of a passage of an edition in consultation, or how they would have it."""

    __tablename__ = "remark"
    __table_args__ = (
        sa.Index("ix_remark_edition_paragraph", "edition_id", "paragraph"),
        sa.CheckConstraint("starts_at >= 0 AND starts_at < ends_at", name="some_words"),
        sa.CheckConstraint("(wish IN ('replace', 'insert')) = (length(wording) > 0)", name="says_how"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_edition.id"))
    paragraph: Mapped[int]
    """The number that the paragraph keeps from edition to edition."""
    cited: Mapped[str] = mapped_column(sa.String(20))
    """The number under which it is read in this edition, such as 2.3."""
    whole: Mapped[bool] = mapped_column(default=False)
    """All of the paragraph is meant."""
    quote: Mapped[str] = mapped_column(sa.Text)
    """The words of the plan it is about."""
    prefix: Mapped[str] = mapped_column(sa.String(80), default="")
    suffix: Mapped[str] = mapped_column(sa.String(80), default="")
    starts_at: Mapped[int]
    ends_at: Mapped[int]
    """From which to which character of the paragraph, as it is read."""
    wish: Mapped[Wish] = mapped_column(default=Wish.REMARK)
    wording: Mapped[str] = mapped_column(sa.Text, default="")
    """The words to be put in their place, or after them."""
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)

    edition: Mapped[PlanEdition] = relationship()

    texts: ClassVar[tuple[str, ...]] = ("wording", "body")

    __mapper_args__ = {"polymorphic_identity": "remark"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return richtext.excerpt(self.body, 60)


class Placing(enum.Enum):
    """How a remark came to stand where it stands in a later edition."""

    SAME = "same"
    FOUND = "found"
    BY_HAND = "by_hand"
    ORPHAN = "orphan"


class RemarkPlace(Base):
    """Where a remark stands in a later edition; nowhere while it is an orphan."""

    __tablename__ = "remark_place"
    __table_args__ = (
        sa.UniqueConstraint("remark_id", "edition_id"),
        sa.CheckConstraint("(paragraph IS NULL) = (how = 'orphan')", name="somewhere"),
        sa.CheckConstraint("(how = 'by_hand') = (placed_at IS NOT NULL)", name="placed_at_a_time"),
    )

    id: Mapped[pk]
    remark_id: Mapped[int] = mapped_column(sa.ForeignKey("remark.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_edition.id"), index=True)
    how: Mapped[Placing]
    paragraph: Mapped[int | None]
    cited: Mapped[str] = mapped_column(sa.String(20), default="")
    starts_at: Mapped[int | None]
    ends_at: Mapped[int | None]
    likeness: Mapped[int | None]
    """In hundredths, where it was found by what it says."""
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    placed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    placed_at: Mapped[datetime | None]

    remark: Mapped[Remark] = relationship()
    edition: Mapped[PlanEdition] = relationship()
    placed_by: Mapped[Person | None] = relationship()
