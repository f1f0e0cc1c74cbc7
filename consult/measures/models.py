"""Which text is the double of which, and what can be put back."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution
from consult.core.db import Base
from consult.moderation.models import Decision


class Double(Base):
    """A moderator found that a text says what another one says: readers are led to that one."""

    __tablename__ = "double_of"
    __table_args__ = (sa.CheckConstraint("contribution_id <> of_id", name="of_another"),)

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True,
                                                 autoincrement=False)
    of_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"))

    told_after: Mapped[int] = mapped_column(default=0)
    """The last of its supporters who was invited to support the other."""
    told: Mapped[bool] = mapped_column(default=False)
    """All of them were."""

    of: Mapped[Contribution] = relationship(foreign_keys=of_id)
    decision: Mapped[Decision] = relationship()


class ClosingSentence(Base):
    """Why a discussion was closed, kept once it is reopened, so that this can be undone."""

    __tablename__ = "closing_sentence"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(sa.String(300))

    decision: Mapped[Decision] = relationship()
