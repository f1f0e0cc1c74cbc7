"""The codes of a question, who read which answer and found which codes in it, and what may be quoted.

Nothing here keeps a time, but for the day on which a quote was chosen, and rows about answers lie in the order of
their random keys: when an answer was read says nothing of when it was given. Whatever is kept about an answer goes
with it when it is changed or removed.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.surveys.models import Question

DECIDED = 0
"""The seat of what counts: what both readers found alike, or what was decided where they differ."""
SEATS = (1, 2)
"""Two people read each answer."""

_ANSWER = ("submission_id", "question_id", "row_id", "option_id")


def _of_answer() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(_ANSWER, [f"answer.{name}" for name in _ANSWER], ondelete="CASCADE")


class Codebook(Base):
    """How the answers to one question in people's own words are worked on."""

    __tablename__ = "codebook"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    consent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id", ondelete="SET NULL"))
    """The question by which people agree that their answer is published: without it none is quoted."""
    closed: Mapped[bool] = mapped_column(default=False)
    """The coding is finished: nothing of it changes any more, and its counts stand with the results."""
    at_close: Mapped[str | None] = mapped_column(sa.Text)
    """The tables as they went into the results when the survey closed."""
    version: Mapped[int] = mapped_column(default=1)

    question: Mapped[Question] = relationship(foreign_keys=[question_id])


class AnswerCode(Base):
    """A code: what can be found in the answers to a question. One that was merged says into which."""

    __tablename__ = "answer_code"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "key"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
    )

    id: Mapped[pk]
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(120))
    """The Italian name in small letters without accents: two codes of a question never have the same."""
    name: Mapped[Localized]
    definition: Mapped[Localized]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    """It is no longer offered; where it was found it stays."""
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("answer_code.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped["AnswerCode | None"] = relationship(remote_side="AnswerCode.id")


class Coder(Base):
    """Who reads the answers to a question, as the first or the second; a reader who has left stays a number."""

    __tablename__ = "answer_coder"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "person_id"),
        sa.CheckConstraint(f"seat IN ({', '.join(map(str, SEATS))})", name="two_seats"),
    )

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)


class Coding(Base):
    """An answer was read from a seat. Without codes: none of them fits it.

    On the seat of what counts, `decided_by_id` is who decided where the readers differed, and `agreed` tells that
    there was nothing to decide.
    """

    __tablename__ = "answer_coding"
    __table_args__ = (
        _of_answer(),
        sa.Index("ix_answer_coding_question", "question_id", "seat"),
        sa.CheckConstraint(f"seat IN ({', '.join(map(str, (DECIDED, *SEATS)))})", name="known_seat"),
        {"sqlite_with_rowid": False},
    )

    submission_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    option_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 for an answer of its own, else the "other" that it explains."""
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreed: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class CodeFound(Base):
    """A code was found in an answer, from a seat."""

    __tablename__ = "answer_code_found"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            (*_ANSWER, "seat"), [f"answer_coding.{name}" for name in (*_ANSWER, "seat")], ondelete="CASCADE"),
        sa.Index("ix_answer_code_found_code", "code_id", "seat"),
        {"sqlite_with_rowid": False},
    )

    submission_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    option_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_id: Mapped[int] = mapped_column(
        sa.ForeignKey("answer_code.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)


def _any_number() -> int:
    """One of nine digits at most, which says nothing of the order in which quotes were chosen."""
    return secrets.randbelow(10 ** 9 - 1) + 1


def _today() -> datetime:
    """Midnight: the hour at which somebody read an answer is nobody's business."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


class Quote(Base):
    """An answer in the words of whoever gave it, perhaps shortened.

    It stands with the results once a moderator has published it.
    """

    __tablename__ = "answer_quote"
    __table_args__ = (_of_answer(), sa.Index("ix_answer_quote_question", "question_id"), {"sqlite_with_rowid": False})

    submission_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    option_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)
    with_place: Mapped[bool] = mapped_column(default=False)
    """The municipality is told, as long as enough people answered from there."""
    chosen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[int] = mapped_column(default=_any_number, unique=True)
    """What it is called by the moderators."""
    standing: Mapped[State] = mapped_column(default=State.PENDING)
    chosen_on: Mapped[datetime] = mapped_column(default=_today)

    chosen_by: Mapped[Person | None] = relationship()
