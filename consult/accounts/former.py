"""Who left while something was open in which they could come back and take part twice."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base


class FormerIdentity(Base):
    """Whoever had an account erased while something was open in which they could take part twice.

    Only the keyed hash of what identifies them, the number of the erased account and the time; it goes as soon as
    everything has closed that was open then. Without a verified identifier nothing of the kind is kept.
    """

    __tablename__ = "former_identity"

    identifier_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    left_at: Mapped[datetime] = mapped_column(default=clock.now)

    alike: Mapped[list["FormerIdentity"]] = relationship(
        viewonly=True, primaryjoin="FormerIdentity.person_id == remote(foreign(FormerIdentity.person_id))")
    """Everything that identified the same account, this included."""
