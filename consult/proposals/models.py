"""Calls for proposals, and what participants ask the plan to contain."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution
from consult.processes.models import Activity, Axis


class ProposalCall(Activity):
    """A call for proposals."""

    __tablename__ = "proposal_call"

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    supports_open: Mapped[bool] = mapped_column(default=True)
    guide: Mapped[str] = mapped_column(sa.Text, default="")
    asks_place: Mapped[bool] = mapped_column(default=False)
    asks_attachments: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"polymorphic_identity": "proposal_call"}  # noqa: RUF012


class Proposal(Contribution):
    """What a participant asks the plan to contain."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(150))
    slug: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    summary: Mapped[str] = mapped_column(sa.String(240), default="")
    """The beginning of the text as plain words, for lists."""
    axis_id: Mapped[int | None] = mapped_column(sa.ForeignKey("axis.id"), index=True)
    submitted_at: Mapped[datetime | None]

    axis: Mapped[Axis | None] = relationship()

    __mapper_args__ = {"polymorphic_identity": "proposal"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return self.title
