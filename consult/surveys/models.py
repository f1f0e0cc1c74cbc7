"""Questionnaires. Who took part and what was answered are two rows without a common key.

On SQLite these rows lie in the order of their keys, which are random, so that not even a copy of the file tells
which were written together. PostgreSQL keeps with every row the number of its transaction and a place that grows
with time: whoever reads those as its superuser can put a tag beside a submission. A tag leads to a person only by
the key outside the database, and that is destroyed when the survey closes.
"""

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Activity, Channel, Standing, Taking


class QuestionKind(enum.Enum):
    """What a question asks for."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    NUMBER = "number"
    DATE = "date"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    DROPDOWN = "dropdown"
    YES_NO = "yes_no"
    SCALE = "scale"
    ZERO_TO_TEN = "zero_to_ten"
    MATRIX_SINGLE = "matrix_single"
    MATRIX_MULTIPLE = "matrix_multiple"
    RANKING = "ranking"
    POINTS = "points"
    MUNICIPALITY = "municipality"
    PLACE = "place"
    FILE = "file"
    INFORMATION = "information"


ENOUGH = _l("It has closed: as many people have answered as were asked to. Thank you.")
"""Why a questionnaire that was to close early takes no more."""
PREFER_NOT = -1
"""The option of every question that lets people say that they prefer not to answer it."""
LIVES_ELSEWHERE = -2
"""The option of a question for a municipality that is none of those in the percorso."""


class Survey(Activity):
    """A questionnaire opened in a phase. Anonymous: a submission carries neither person nor time."""

    __tablename__ = "survey"
    __table_args__ = (sa.CheckConstraint("close_at IS NULL OR close_at > 0", name="closes_at_some_number"),)

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    anonymous: Mapped[bool] = mapped_column(default=True)
    may_change: Mapped[bool] = mapped_column(default=False)
    """Whoever has answered may change it until the survey closes, with the code of their receipt."""
    close_at: Mapped[int | None]
    """So many submissions close the survey early."""
    definition_version: Mapped[int] = mapped_column(default=1)
    """Grows with every change of what is asked."""
    submission_count: Mapped[int] = mapped_column(default=0)

    sections: Mapped[list["SurveySection"]] = relationship(
        back_populates="survey", order_by="SurveySection.position", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_identity": "survey", "polymorphic_load": "inline"}  # noqa: RUF012
    # `takes` is asked of every activity in a list, and how many have answered decides it

    def takes(self, now: datetime | None = None) -> Taking:
        """As any activity; with as many answers as are wanted it is closed before its time."""
        taking = super().takes(now)
        if taking and self.close_at is not None and self.submission_count >= self.close_at:
            return Taking(Standing.CLOSED, ENOUGH)
        return taking


class SurveySection(Base):
    """A page of a questionnaire."""

    __tablename__ = "survey_section"
    __table_args__ = (sa.UniqueConstraint("survey_id", "position"),)

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    position: Mapped[int]
    title: Mapped[Localized]
    intro: Mapped[Localized]
    shown_if: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """A condition of `logic` on the sections before."""

    survey: Mapped[Survey] = relationship(back_populates="sections")
    questions: Mapped[list["Question"]] = relationship(
        back_populates="section", order_by="Question.position", cascade="all, delete-orphan")


class Question(Base):
    """One question, of one kind.

    `minimum` and `maximum` bound the number, the scale, how many options may be chosen or ranked; of points to
    distribute `maximum` is how many there are. `earliest` and `latest` bound a date.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("section_id", "position"),
        sa.UniqueConstraint("survey_id", "code"),
        sa.CheckConstraint("minimum IS NULL OR maximum IS NULL OR minimum <= maximum", name="bounds_in_order"),
        sa.CheckConstraint("earliest IS NULL OR latest IS NULL OR earliest <= latest", name="dates_in_order"),
    )

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_section.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    """By which conditions, files and other programs know it: small letters, digits and underscores."""
    kind: Mapped[QuestionKind]
    prompt: Mapped[Localized]
    help: Mapped[Localized]
    required: Mapped[bool] = mapped_column(default=False)
    prefer_not: Mapped[bool] = mapped_column(default=False)
    """Whether "I prefer not to answer" is an answer of its own."""
    shown_if: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shuffled: Mapped[bool] = mapped_column(default=False)
    """Options stand in another order for each who answers, so that none has the advantage of the first place."""
    minimum: Mapped[int | None]
    maximum: Mapped[int | None]
    minimum_label: Mapped[Localized]
    maximum_label: Mapped[Localized]
    unit: Mapped[Localized] = mapped_column(default=Localized)
    """What a number counts, said after it: euro, minutes."""
    earliest: Mapped[date | None]
    latest: Mapped[date | None]
    max_length: Mapped[int | None]
    image: Mapped[str | None] = mapped_column(sa.String(64))
    """The name of a stored picture."""
    image_alt: Mapped[Localized] = mapped_column(default=Localized)

    section: Mapped[SurveySection] = relationship(back_populates="questions")
    survey: Mapped[Survey] = relationship()
    options: Mapped[list["Option"]] = relationship(
        back_populates="question", order_by="Option.position", cascade="all, delete-orphan")
    rows: Mapped[list["QuestionRow"]] = relationship(
        back_populates="question", order_by="QuestionRow.position", cascade="all, delete-orphan")


class Option(Base):
    """An answer that may be chosen, ranked or given points, or a column of a matrix."""

    __tablename__ = "option"
    __table_args__ = (sa.UniqueConstraint("question_id", "position"), sa.UniqueConstraint("question_id", "code"))

    id: Mapped[pk]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[Localized]
    other: Mapped[bool] = mapped_column(default=False)
    """Whoever chooses it says in their own words what they mean."""
    alone: Mapped[bool] = mapped_column(default=False)
    """It cannot be chosen together with others, as "none of these"."""
    shown_if: Mapped[dict[str, Any]] = mapped_column(default=dict)

    question: Mapped[Question] = relationship(back_populates="options")


class QuestionRow(Base):
    """A row of a matrix."""

    __tablename__ = "question_row"
    __table_args__ = (sa.UniqueConstraint("question_id", "position"), sa.UniqueConstraint("question_id", "code"))

    id: Mapped[pk]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[Localized]

    question: Mapped[Question] = relationship(back_populates="rows")


class Quota(Base):
    """At most so many who choose an option are taken: whoever comes after is told so before the rest is asked."""

    __tablename__ = "survey_quota"
    __table_args__ = (sa.CheckConstraint("most > 0", name="some"), sa.CheckConstraint("taken >= 0", name="counted"))

    option_id: Mapped[int] = mapped_column(sa.ForeignKey("option.id"), primary_key=True, autoincrement=False)
    most: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    option: Mapped[Option] = relationship()


class SurveyParticipation(Base):
    """Somebody has answered a survey: one row per person by primary key, unrelated to what was answered.

    The tag is an HMAC of the person with a key of the survey that is kept outside the database.
    """

    __tablename__ = "survey_participation"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the tag, not of time

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)


class AnsweredFile(Base):
    """A file that was answered with, known by its random name; what it is shows when it is opened."""

    __tablename__ = "answered_file"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the names, not of time

    token: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    submission_id: Mapped[str] = mapped_column(sa.ForeignKey("submission.id", ondelete="CASCADE"), index=True)

    survey: Mapped[Survey] = relationship()

    @property
    def process_id(self) -> int:
        """The percorso to whose office it belongs."""
        return self.survey.process_id


class SurveyReading(Base):
    """The figures of an open questionnaire as they stood at some number of submissions, without the time.

    What everybody sees while it is open is one of these, and never the latest: whoever compares what is shown now
    with what is shown later, or when it has closed, sees what at least five people answered between them.
    """

    __tablename__ = "survey_reading"

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    submissions: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(sa.Text)


class Submission(Base):
    """One filled-in questionnaire. Its id is random, so that the order of arrival is not kept."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "person_id"),
        sa.UniqueConstraint("receipt_hash"),
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
    receipt_hash: Mapped[str | None] = mapped_column(sa.String(64))
    """Of the code that whoever answered was given: with it, and without anything else, they find their answers."""
    definition_version: Mapped[int] = mapped_column(default=1)
    """Of the questionnaire as it was answered."""
    seed: Mapped[int] = mapped_column(default=0)
    """Of the order in which shuffled options stood."""

    answers: Mapped[list["Answer"]] = relationship(back_populates="submission", cascade="all, delete-orphan")


class Answer(Base):
    """What one submission says to one question. How each kind of answer is kept is said in `answers`.

    `option_id` is 0 where no option was chosen, `row_id` 0 where the question is no matrix.
    """

    __tablename__ = "answer"
    __table_args__ = (
        sa.Index("ix_answer_question", "question_id", "row_id", "option_id", "number"),
        {"sqlite_with_rowid": False},
    )

    submission_id: Mapped[str] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    option_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    number: Mapped[float | None]
    text: Mapped[str | None] = mapped_column(sa.Text)

    submission: Mapped[Submission] = relationship(back_populates="answers")
