"""The list of reasons of a percorso: each version is a row that never changes."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock
from consult.core.db import Base, append_only, pk


@append_only
class RuleList(Base):
    """One version of the rules of a percorso: the whole list, as it stood from then on."""

    __tablename__ = "rule_list"
    __table_args__ = (sa.UniqueConstraint("process_id", "number"),)

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    number: Mapped[int]
    """1, 2, 3 … for each percorso; before the first the rules of the site hold."""
    rules: Mapped[list[Any]] = mapped_column(default=list)
    """What `entries.Entry.plain` answers, in order."""
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
