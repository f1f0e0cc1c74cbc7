"""Documents asked for, and how far their making has come."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.processes.models import Process


class DocumentFormat(enum.Enum):
    """The forms a document may take."""

    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    EPUB = "epub"
    JSON = "json"
    FOLDER = "zip"


class Names(enum.Enum):
    """Whose names stand beside what they wrote."""

    ORGANISATIONS = "organisations"
    SHOWN = "shown"


class DocumentState(enum.Enum):
    """How far the making of a document is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class MadeDocument(Base):
    """A document of a percorso as it stood when asked for: of which kind, about what, in which form."""

    __tablename__ = "made_document"
    __table_args__ = (sa.Index("ix_made_document_subject", "process_id", "kind", "subject"),)

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    """The code of a kind, of `kinds`."""
    subject: Mapped[str] = mapped_column(sa.String(40))
    """What it is about, as its kind calls it: `plan:1`, `phase:3`."""
    names: Mapped[Names] = mapped_column(default=Names.ORGANISATIONS)
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

    process: Mapped[Process] = relationship()
    asked_by: Mapped[Person] = relationship()

    @property
    def finished(self) -> bool:
        return self.state in {DocumentState.READY, DocumentState.FAILED}
