"""The plan as it stood when its state changed, or when the plan office wanted it kept."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import Base, append_only, pk
from consult.planning.models import Plan, PlanState


@append_only
class PlanEdition(Base):
    """The whole plan, kept for good: `content` is the canonical JSON whose SHA-256, in hexadecimal, is `sha256`.

    The session refuses to change one or to remove it, and so does the database.
    """

    __tablename__ = "plan_edition"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    id: Mapped[pk]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    number: Mapped[int]
    """1 for the first that was kept."""
    name: Mapped[str] = mapped_column(sa.String(20))
    """What people call it, such as 0.3."""
    kind: Mapped[PlanState]
    act: Mapped[str] = mapped_column(sa.String(80))
    """The number of the act with which it was proposed or adopted."""
    body: Mapped[str] = mapped_column(sa.String(160))
    """Who proposed or adopted it."""
    dated: Mapped[date]
    """The day of the act, or else the day on which it was kept."""
    content: Mapped[str] = mapped_column(sa.Text, deferred=True)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[Role | None]
    """In which role it was kept."""

    plan: Mapped[Plan] = relationship()

    @property
    def process_id(self) -> int:
        return self.plan.process_id

    @property
    def act_told(self) -> str:
        """Who proposed or adopted it and with which act, as people say it; empty where neither is known."""
        return ", ".join(filter(None, (self.body, self.act)))

    @property
    def in_consultation(self) -> bool:
        return self.kind is PlanState.IN_CONSULTATION
