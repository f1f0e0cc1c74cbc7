"""Conversations, their statements, and what people say to them under tags that do not say who they are.

Who answered is a tag, an HMAC with a key of the conversation that is kept outside the database and destroyed when the
conversation closes. No row ties a person to an opinion, and none holds a time; on SQLite rows lie in the order of the
tags, on PostgreSQL once the conversation has closed.
"""

import enum
import secrets
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution
from consult.core import clock, richtext
from consult.core.db import Base
from consult.processes.models import Activity, Channel

LONGEST = 280
"""Characters of a statement."""


class Writers(enum.Enum):
    """Who writes statements."""

    STAFF = "staff"
    EVERYBODY = "everybody"


class Stance(enum.IntEnum):
    """What somebody says to a statement; kept as its number."""

    DISAGREE = -1
    PASS = 0
    AGREE = 1


def fresh_seed() -> str:
    """16 random bytes, in hexadecimal."""
    return secrets.token_hex(16)


class Conversation(Activity):
    """An activity in which people say to short statements whether they agree; a map of opinions comes of it."""

    __tablename__ = "conversation"
    __table_args__ = (
        sa.CheckConstraint("statements_each >= 0", name="statements_not_negative"),
        sa.CheckConstraint("refresh_minutes BETWEEN 1 AND 1440", name="refreshed_within_a_day"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    writers: Mapped[Writers] = mapped_column(default=Writers.EVERYBODY)
    statements_each: Mapped[int] = mapped_column(default=3)
    """How many statements each person may write; 0 for as many as they like."""
    refresh_minutes: Mapped[int] = mapped_column(default=10)
    """The map is made anew at most every so many minutes."""
    seed: Mapped[str] = mapped_column(sa.String(32), default=fresh_seed)
    """Decides in which order statements are drawn, and whatever else is drawn."""
    participant_count: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"polymorphic_identity": "conversation"}  # noqa: RUF012


class Statement(Contribution):
    """One sentence to which people say whether they agree. Its counters move with each answer."""

    __tablename__ = "statement"
    __table_args__ = (sa.CheckConstraint("agreed >= 0 AND disagreed >= 0 AND passed >= 0", name="counts_not_negative"),)

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(LONGEST))
    by_staff: Mapped[bool] = mapped_column(default=False)
    """Written by the staff to begin with."""
    drawn_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    """The proposal that it says in short."""
    agreed: Mapped[int] = mapped_column(default=0)
    disagreed: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    extremity: Mapped[float] = mapped_column(default=0.0)
    """How far it sets people apart on the latest map: the order in which statements are asked follows from it."""

    drawn_from: Mapped[Contribution | None] = relationship(foreign_keys=[drawn_from_id])

    texts: ClassVar[tuple[str, ...]] = ("text",)

    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_identity": "statement",
        "inherit_condition": id == Contribution.id,  # noqa: A003 - there are two ways to a contribution
    }

    @property
    def heading(self) -> str:
        return self.text if len(self.text) <= 120 else richtext.excerpt(self.text, 120)

    @property
    def body(self) -> str:
        """What moderators read."""
        return self.text

    @property
    def body_html(self) -> str:
        """The same, to be shown."""
        return richtext.render(self.text)


class Participant(Base):
    """A tag that has answered in a conversation, and what the map needs to know beside the answers."""

    __tablename__ = "opinion_participant"
    __table_args__ = ({"sqlite_with_rowid": False},)

    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stakeholder_category.id"))
    """Only where it is an organisation that answers."""
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE)
    answered: Mapped[int] = mapped_column(default=0)
    changed: Mapped[bool] = mapped_column(default=True)
    """Something was answered since the latest map was made."""
    letter: Mapped[str] = mapped_column(sa.String(1), default="")
    """The group on the last map, once all is over; empty for none."""


class Opinion(Base):
    """The last thing that a participant said to a statement: one by primary key."""

    __tablename__ = "opinion"
    __table_args__ = (
        sa.ForeignKeyConstraint(["conversation_id", "tag"],
                                ["opinion_participant.conversation_id", "opinion_participant.tag"],
                                name="fk_opinion_its_participant"),
        sa.CheckConstraint("stance BETWEEN -1 AND 1", name="stance_known"),
        {"sqlite_with_rowid": False},
    )

    conversation_id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True, index=True)
    stance: Mapped[int] = mapped_column(sa.SmallInteger)


class StatementTally(Base):
    """What was said to a statement from a municipality by people or by organisations of a category; moved with each
    answer, 0 standing for none. What is frozen at the end is counted from the opinions, never from here.
    """

    __tablename__ = "statement_tally"
    __table_args__ = (sa.CheckConstraint("agreed >= 0 AND disagreed >= 0 AND passed >= 0", name="counts_not_negative"),)

    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("statement.id"), primary_key=True, autoincrement=False)
    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreed: Mapped[int] = mapped_column(default=0)
    disagreed: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)


class OpinionMap(Base):
    """A map as it stood at some number of participants: canonical JSON without any tag."""

    __tablename__ = "opinion_map"

    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversation.id"), primary_key=True,
                                                 autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
