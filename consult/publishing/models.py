"""Documents asked for, and how far their making has come."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.planning.models import Plan


class DocumentFormat(enum.Enum):
    """The forms a document may take."""

    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"


class DocumentState(enum.Enum):
    """How far the making of a document is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class PlanDocument(Base):
    """A document of the plan as it stood when asked for."""

    __tablename__ = "plan_document"

    id: Mapped[pk]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    format: Mapped[DocumentFormat]
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    state: Mapped[DocumentState] = mapped_column(default=DocumentState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    step: Mapped[str] = mapped_column(sa.String(80), default="")
    file_name: Mapped[str] = mapped_column(sa.String(160), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    error: Mapped[str] = mapped_column(sa.String(300), default="")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]

    plan: Mapped[Plan] = relationship()

    @property
    def process_id(self) -> int:
        return self.plan.process_id

    @property
    def finished(self) -> bool:
        return self.state in {DocumentState.READY, DocumentState.FAILED}
