"""Who was invited to what, and what became of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import MandateKind, Organisation, Person, Role
from consult.core import clock
from consult.core.db import Base, pk


class Invitation(Base):
    """An address is invited to speak for an organisation or to a role; of its link only a hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint(" + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)"
                                      for name in ("role", "organisation_id", "subject")) + " = 1",
                           name="to_one_thing"),
        sa.CheckConstraint("(organisation_id IS NULL) = (mandate_kind IS NULL)", name="a_mandate_has_a_kind"),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
    )

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    inviter_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    mandate_kind: Mapped[MandateKind | None]
    role: Mapped[Role | None]
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"))
    subject: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    """Kind and id of what else they are invited to, as in `proposta:7`."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    inviter: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    def waits(self) -> bool:
        """True while it can be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > clock.now()
