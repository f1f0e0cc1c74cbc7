"""Files of answers asked for, and how far their making has come."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.surveys.models import Survey


class AnswerFormat(enum.Enum):
    """The forms in which answers are given out."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    SPSS = "spss"
    ALL = "all"


class FileState(enum.Enum):
    """How far the making of a file is."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


class AnswerFile(Base):
    """The answers to a questionnaire as they were when asked for."""

    __tablename__ = "answer_file"

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), index=True)
    format: Mapped[AnswerFormat]
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    state: Mapped[FileState] = mapped_column(default=FileState.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    submissions: Mapped[int] = mapped_column(default=0)
    """How many are in the file."""
    file_name: Mapped[str] = mapped_column(sa.String(160), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    finished_at: Mapped[datetime | None]

    survey: Mapped[Survey] = relationship()

    @property
    def process_id(self) -> int:
        return self.survey.process_id

    @property
    def finished(self) -> bool:
        return self.state in {FileState.READY, FileState.FAILED}
