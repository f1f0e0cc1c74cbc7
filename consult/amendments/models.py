"""What others would change in the text of a proposal, and what its authors answered."""

import enum
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import richtext
from consult.proposals.models import Proposal


class Answer(enum.Enum):
    """What the authors of a proposal say to an amendment."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Amendment(Contribution):
    """The text of a proposal as somebody else would have it, made on one of its versions."""

    __tablename__ = "amendment"
    __table_args__ = (
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
        sa.CheckConstraint("answer IS NULL OR length(answer_reason) > 0", name="answered_with_a_reason"),
        sa.CheckConstraint("(applied_version IS NOT NULL) = (answer IS NOT NULL AND answer = 'accepted')",
                           name="applied_if_accepted"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    base_version: Mapped[int]
    """The version of the proposal that it changes."""
    title: Mapped[str] = mapped_column(sa.String(150))
    body: Mapped[str] = mapped_column(sa.Text)
    """The whole text as it would be, in Markdown."""
    reason: Mapped[str] = mapped_column(sa.String(2000))
    body_html: Mapped[str] = mapped_column(sa.Text)
    """The reason as HTML: what lists and moderators read beside the change itself."""
    answer: Mapped[Answer | None]
    answer_reason: Mapped[str] = mapped_column(sa.String(2000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    applied_version: Mapped[int | None]
    """The version of the proposal that its acceptance made."""

    proposal: Mapped[Proposal] = relationship(foreign_keys=[proposal_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

    texts: ClassVar[tuple[str, ...]] = ("title", "body", "reason")
    says_again: ClassVar[bool] = True

    __mapper_args__ = {"polymorphic_identity": "amendment"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        """What it would change, as that is called now: its own title may repeat one that nobody reads any more."""
        return self.proposal.title if self.proposal.public else self.code

    def reworded(self) -> None:
        """The reason is what is shown as HTML."""
        self.body_html = richtext.render(self.reason)

    @property
    def public(self) -> bool:
        """It says again most of what the proposal says: neither is read without the other."""
        return super().public and self.proposal.public

    @property
    def replaced(self) -> bool:
        return self.proposal.replaced
