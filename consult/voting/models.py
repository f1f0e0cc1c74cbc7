"""Supports and ballots. A ballot paper is keyed by a tag, never by the person who cast it."""

import enum
import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, query_expression, relationship

from consult.contributions.models import Contribution, FlagReason
from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.ledger.models import Ledger
from consult.processes.models import Activity, Channel
from consult.territory.models import Municipality


class SupportConsent(Base):
    """Whether somebody's support goes along to what was made of the proposals they support: nobody is asked twice."""

    __tablename__ = "support_consent"
    __table_args__ = (
        sa.UniqueConstraint("successor_id", "person_id"),
        sa.UniqueConstraint("id", "successor_id", "person_id"),  # what a support names
    )

    id: Mapped[pk]
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    carries: Mapped[bool]
    answered_at: Mapped[datetime] = mapped_column(default=clock.now)


class Support(Base):
    """Somebody is for a contribution: signature-like, one per person by primary key.

    One that was carried over from an earlier proposal names the consent of the same person for the same proposal.
    """

    __tablename__ = "support"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["consent_id", "contribution_id", "person_id"],
            ["support_consent.id", "support_consent.successor_id", "support_consent.person_id"],
            name="fk_support_its_consent"),
    )

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    verified: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    """The version of the text that it was given to."""
    consent_id: Mapped[int | None] = mapped_column(unique=True)
    """None for a support that was given here."""

    contribution: Mapped[Contribution] = relationship()


class SupportTally(Base):
    """Supports that reached the authority as a number: on paper, or imported from another system.

    `municipality_id` 0 stands for unknown.
    """

    __tablename__ = "support_tally"
    __table_args__ = (
        sa.CheckConstraint("count >= 0", name="not_negative"),
        sa.CheckConstraint("0 <= carried AND carried <= count", name="carried_among_them"),
    )

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)
    count: Mapped[int]
    carried: Mapped[int] = mapped_column(default=0)
    """How many of them had been carried over from earlier proposals."""


def fresh_seed() -> str:
    """16 random bytes, in hexadecimal."""
    return secrets.token_hex(16)


class Secrecy(enum.Enum):
    """How far a paper can be tied to whoever cast it."""

    PUBLIC = "public"
    PSEUDONYMOUS = "pseudonymous"
    SECRET = "secret"  # noqa: S105 - a kind of vote


class Ballot(Activity):
    """A vote on options, by one of the ways of `consult.methods`.

    A paper marks between `minimum` and `maximum` options. `budget`, where given, is what can be spent, in whole euros.
    """

    __tablename__ = "ballot"
    __table_args__ = (sa.CheckConstraint("0 <= minimum AND minimum <= maximum", name="bounds_in_order"),)

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    question: Mapped[Localized]
    method: Mapped[str] = mapped_column(sa.String(24), default="approval")
    """The name of the way of voting."""
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What that way of voting needs to know besides: grades, ends of a scale, points, threshold."""
    conditions: Mapped[list[Any]] = mapped_column(default=list)
    """What must hold for the ballot to decide something: quorum, thresholds, in how many municipalities."""
    minimum: Mapped[int] = mapped_column(default=1)
    maximum: Mapped[int] = mapped_column(default=1)
    budget: Mapped[int | None]
    secrecy: Mapped[Secrecy] = mapped_column(default=Secrecy.PSEUDONYMOUS)
    seed: Mapped[str] = mapped_column(sa.String(32), default=fresh_seed)
    """Decides what nothing else decides, and the order of options on each paper: published before it opens."""
    shuffled: Mapped[bool] = mapped_column(default=False)
    """Each person finds the options in an order of their own."""
    by_organisation: Mapped[bool] = mapped_column(default=False)
    """Organisations vote, one paper each, through whoever holds their mandate."""
    paper_count: Mapped[int] = mapped_column(default=0)
    fixed: Mapped[str | None] = column_property(
        sa.select(Ledger.consultation).where(Ledger.activity_id == id).scalar_subquery(),  # noqa: A003 - the column above
        deferred=True)
    """What its log began with, as text; nothing before that. None of it changes any more."""
    places: Mapped[str | None] = query_expression()
    """Where it was loaded to be voted in, the ids of the municipalities that vote; empty where all do."""

    options: Mapped[list["BallotOption"]] = relationship(
        back_populates="ballot", order_by="BallotOption.position", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_identity": "ballot"}  # noqa: RUF012


class BallotOption(Base):
    """Something that may be chosen on a ballot."""

    __tablename__ = "ballot_option"
    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "code"),
        sa.CheckConstraint("contribution_id IS NULL OR commitment_id IS NULL", name="of_one_thing"),
    )

    id: Mapped[pk]
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    title: Mapped[Localized]
    text: Mapped[Localized]
    cost: Mapped[int | None]
    group: Mapped[str] = mapped_column(sa.String(24), default="")
    """Which question of the paper it answers, or which lot of the budget it belongs to; empty where there is one."""
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    """The proposal that is voted on, if it is one."""
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    """The commitment of the pact that is voted on, if it is one."""

    ballot: Mapped[Ballot] = relationship(back_populates="options")
    municipality: Mapped[Municipality | None] = relationship()


class BallotPaper(Base):
    """The last paper cast under a tag: the one that counts. No person, no time.

    `sequence` counts how often the paper was changed; `marks` are whole numbers by code of the
    option, as the way of voting reads them. `entry_hash` is the SHA-256,
    in hexadecimal, of the canonical entry that a ledger will hold; `nonce` keeps it from telling the choice.
    """

    __tablename__ = "ballot_paper"
    __table_args__ = (
        sa.Index(  # the screen in the room counts them again and again
            "ix_ballot_paper_assembly", "channel", "ballot_id", sqlite_where=sa.text("channel = 'assembly'"),
            postgresql_where=sa.text("channel = 'assembly'")),
        {"sqlite_with_rowid": False},  # kept in the order of the tag, not of time
    )

    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    sequence: Mapped[int] = mapped_column(default=1)
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE)
    marks: Mapped[dict[str, Any]]
    nonce: Mapped[str] = mapped_column(sa.String(22))
    entry_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)


class BallotCaveat(Base):
    """What somebody says of a commitment to which they consent with a reservation: not under the tag of the paper."""

    __tablename__ = "ballot_caveat"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the tag, not of time

    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    withheld: Mapped[FlagReason | None]
    """Why a moderator keeps the text from readers; None where everybody reads it."""


class Electorate(Base):
    """How many people may vote in a ballot, by municipality: what turnout is measured against."""

    __tablename__ = "electorate"

    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"), primary_key=True)
    eligible: Mapped[int]

    municipality: Mapped[Municipality] = relationship()
