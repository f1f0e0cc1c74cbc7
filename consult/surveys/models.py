"""Questionnaires. Who took part and what was answered are two rows without a common key.

On SQLite these rows lie in the order of their keys, which are random, so that not even a copy of the file tells
which were written together. PostgreSQL keeps with every row the number of its transaction and a place that grows
with time: whoever reads those as its superuser can put a tag beside a submission. A tag leads to a person only by
the key outside the database, and that is destroyed when the survey closes.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Activity, Channel


class QuestionKind(enum.Enum):
    """What a question asks for."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    NUMBER = "number"
    SCALE = "scale"


class Survey(Activity):
    """A questionnaire opened in a phase. Anonymous: a submission carries neither person nor time."""

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    anonymous: Mapped[bool] = mapped_column(default=True)
    submission_count: Mapped[int] = mapped_column(default=0)

    sections: Mapped[list["SurveySection"]] = relationship(
        back_populates="survey", order_by="SurveySection.position", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_identity": "survey"}  # noqa: RUF012


class SurveySection(Base):
    """A page of a questionnaire."""

    __tablename__ = "survey_section"
    __table_args__ = (sa.UniqueConstraint("survey_id", "position"),)

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    position: Mapped[int]
    title: Mapped[Localized]
    intro: Mapped[Localized]

    survey: Mapped[Survey] = relationship(back_populates="sections")
    questions: Mapped[list["Question"]] = relationship(
        back_populates="section", order_by="Question.position", cascade="all, delete-orphan")


class Question(Base):
    """One question, of one kind.

    `minimum` and `maximum` bound the number, the scale, or how many options may be chosen.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("section_id", "position"),
        sa.CheckConstraint("minimum IS NULL OR maximum IS NULL OR minimum <= maximum", name="bounds_in_order"),
    )

    id: Mapped[pk]
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_section.id"))
    position: Mapped[int]
    kind: Mapped[QuestionKind]
    prompt: Mapped[Localized]
    help: Mapped[Localized]
    required: Mapped[bool] = mapped_column(default=False)
    minimum: Mapped[int | None]
    maximum: Mapped[int | None]
    minimum_label: Mapped[Localized]
    maximum_label: Mapped[Localized]
    max_length: Mapped[int | None]

    section: Mapped[SurveySection] = relationship(back_populates="questions")
    options: Mapped[list["Option"]] = relationship(
        back_populates="question", order_by="Option.position", cascade="all, delete-orphan")


class Option(Base):
    """An answer that may be chosen."""

    __tablename__ = "option"
    __table_args__ = (sa.UniqueConstraint("question_id", "position"),)

    id: Mapped[pk]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    position: Mapped[int]
    label: Mapped[Localized]

    question: Mapped[Question] = relationship(back_populates="options")


class SurveyParticipation(Base):
    """Somebody has answered a survey: one row per person by primary key, unrelated to what was answered.

    The tag is an HMAC of the person with a key of the survey that is kept outside the database.
    """

    __tablename__ = "survey_participation"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the tag, not of time

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)


class Submission(Base):
    """One filled-in questionnaire. Its id is random, so that the order of arrival is not kept."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "person_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    """Kept only where the survey is not anonymous."""
    submitted_at: Mapped[datetime | None]
    """Kept only where the survey is not anonymous."""

    answers: Mapped[list["Answer"]] = relationship(back_populates="submission", cascade="all, delete-orphan")


class Answer(Base):
    """What one submission says to one question; a multiple choice has one row for each option chosen.

    `option_id` is 0 where no option was chosen: numbers, scales and texts.
    """

    __tablename__ = "answer"
    __table_args__ = (
        sa.Index("ix_answer_question", "question_id", "option_id"),
        {"sqlite_with_rowid": False},
    )

    submission_id: Mapped[str] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    number: Mapped[float | None]
    text: Mapped[str | None] = mapped_column(sa.Text)

    submission: Mapped[Submission] = relationship(back_populates="answers")
