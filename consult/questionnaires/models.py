"""What is kept beside a questionnaire: what it was before, and the pictures of its questions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, append_only, pk
from consult.surveys.models import Survey


class QuestionnaireVersion(Base):
    """A questionnaire as it was asked under one number, whole, in the form of `definition`."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (sa.UniqueConstraint("survey_id", "number"),)

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """None for what was there before anybody changed it."""
    note: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why it was changed, where somebody said so."""
    definition: Mapped[dict[str, Any]]

    survey: Mapped[Survey] = relationship()
    made_by: Mapped[Person | None] = relationship()


append_only(QuestionnaireVersion)


class QuestionPicture(Base):
    """A picture that was kept for questions; copies of a questionnaire show the same."""

    __tablename__ = "question_picture"

    token: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    """The random name under which the file is kept: what `Question.image` holds."""
    name: Mapped[str] = mapped_column(sa.String(120))
    mimetype: Mapped[str] = mapped_column(sa.String(80))
    width: Mapped[int]
    height: Mapped[int]
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)
