"""Files with conversations of another system, which wait to be taken."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.opinions.models import Conversation
from consult.processes.models import Process


class ConversationFile(Base):
    """What Polis exported of a conversation, as somebody sent it: looked through first, then taken whole, or let go.

    Once it is taken nothing of what stands in it stays here; the row stays so that it is known when sent again, and
    goes with the conversation when that is taken back.
    """

    __tablename__ = "conversation_file"
    __table_args__ = (sa.UniqueConstraint("process_id", "sha256"),)

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    """What the conversation is called there; empty where that is not known."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was read of it, as long as it waits: neither when somebody answered nor who wrote a statement."""
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    conversation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("conversation.id"), index=True)
    """What was made of it; None as long as it waits."""

    process: Mapped[Process] = relationship()
    conversation: Mapped[Conversation | None] = relationship()
