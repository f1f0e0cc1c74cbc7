"""Which organisations stand behind which proposals."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Mandate, Organisation
from consult.core import clock
from consult.core.db import Base, pk
from consult.proposals.models import Proposal


class Endorsement(Base):
    """An organisation stands behind a proposal; the mandate with which that was said stays with it."""

    __tablename__ = "endorsement"
    __table_args__ = (
        sa.Index("uq_endorsement_standing", "proposal_id", "organisation_id", unique=True,
                 sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL")),
    )

    id: Mapped[pk]
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandate.id"), index=True)
    version: Mapped[int]
    """The version of the text that it stands behind."""
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]

    proposal: Mapped[Proposal] = relationship()
    organisation: Mapped[Organisation] = relationship()
    mandate: Mapped[Mandate] = relationship()
