"""The register of everything that was done."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, append_only, pk


@append_only
class AuditEntry(Base):
    """One recorded event: who, what, when; ids only. Rows are added and never changed."""

    __tablename__ = "audit_entry"

    id: Mapped[pk]
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    event: Mapped[str] = mapped_column(sa.String(60), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    request_id: Mapped[str] = mapped_column(sa.String(16), default="")
