"""What moderators decided, and why; what they have in hand."""

import enum
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person, Role
from consult.contributions.models import Contribution, Flag
from consult.core import clock
from consult.core.db import Base, append_only, pk


class Act(enum.Enum):
    """What may be decided."""

    APPROVE = "approve"
    KEEP = "keep"
    HIDE = "hide"
    RESTORE = "restore"
    REVISE = "revise"
    """The author is asked to change the text; until then it is not public."""
    REDACT = "redact"
    """A passage is blacked out."""
    UNCOVER = "uncover"
    """A passage blacked out can be read again."""
    MOVE = "move"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    LOCK = "lock"
    UNLOCK = "unlock"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    WARN = "warn"
    SUSPEND = "suspend"
    LIFT = "lift"
    """A suspension ends before its time."""
    CONFIRM = "confirm"
    """Asked again, another person decides the same."""
    OVERTURN = "overturn"
    """Asked again, another person decides otherwise."""
    AGREE = "agree"
    """A second reader would have decided the same."""
    DISAGREE = "disagree"
    UNDO = "undo"
    """Whoever decided takes it back within seconds."""


class Origin(enum.Enum):
    """On whose initiative something lies before the moderators."""

    HELD = "held"
    """It waits to be published."""
    FLAGGED = "flagged"
    """Readers reported it."""
    GRAVE = "grave"
    """Readers reported it for what does harm while it stands."""
    SCREENED = "screened"
    """Signs that the programme looks for were found; people decide."""
    APPEALED = "appealed"
    """Its author, or whoever reported it, asks for another decision."""
    ESCALATED = "escalated"
    """A moderator passes it on."""
    SAMPLED = "sampled"
    """Drawn by lot to be read by a second person."""
    NEW = "new"
    """It is public, and nobody has looked at it yet."""
    OWN = "own"
    """A moderator saw it."""


class Reason(enum.StrEnum):
    """The rules and editorial grounds that hold where a percorso has no others; the office can add its own codes."""

    OFFENCE = "offence"
    DISCRIMINATION = "discrimination"
    PERSONAL_DATA = "personal_data"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"
    PROPAGANDA = "propaganda"
    DUPLICATE = "duplicate"
    SEVERAL = "several"
    UNCLEAR = "unclear"
    MISPLACED = "misplaced"


@append_only
class Decision(Base):
    """One decision: never changed, only followed by another; each holds the hash of the one before it."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.CheckConstraint("act <> 'hide' OR reason IS NOT NULL", name="hiding_has_a_reason"),
        sa.CheckConstraint("act <> 'undo' OR undoes_id IS NOT NULL", name="undoing_undoes"),
        sa.Index("ix_decision_contribution", "contribution_id", "id"),
        sa.Index("ix_decision_subject", "subject", "id"),
        sa.Index("ix_decision_decided_at", "decided_at", "id"),
    )

    id: Mapped[pk]
    number: Mapped[int] = mapped_column(unique=True)
    """Its place in the record: 1, 2, 3 … without a gap."""
    subject: Mapped[str] = mapped_column(sa.String(40))
    """Source and number of what it was about, as in `contribution:12`."""
    kind: Mapped[str] = mapped_column(sa.String(16))
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"))
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"))
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    """In which role they decided."""
    act: Mapped[Act]
    reason: Mapped[str | None] = mapped_column(sa.String(24))
    rule_version: Mapped[str] = mapped_column(sa.String(24), default="")
    """The version of the rules that the reason is one of."""
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    origin: Mapped[Origin]
    waiting_since: Mapped[datetime | None]
    """Since when it lay before the moderators; none for what they saw themselves."""
    version_seen: Mapped[int]
    """The version of the text that was decided on."""
    snapshot: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the text that was decided on, in hexadecimal digits."""
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What else the act says: ids and numbers, never a text."""
    claim_id: Mapped[int | None] = mapped_column(sa.ForeignKey("claim.id"))
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    """For an undoing, the decision taken back."""
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of all the above, in hexadecimal digits."""

    contribution: Mapped[Contribution | None] = relationship()
    moderator: Mapped[Person] = relationship()

    answered = cast(Mapping[str, Any], MappingProxyType({}))
    """While it is being taken, what features asked beforehand."""


class DecisionHead(Base):
    """How long the record is, and the digest at its end: held by whoever adds to it, so that each follows one."""

    __tablename__ = "decision_head"

    id: Mapped[pk]
    size: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(sa.String(64), default="")


class DecisionCount(Base):
    """How often each act was decided for each reason: moved with each decision, for the public figures.

    `reason` is empty for acts that have none.
    """

    __tablename__ = "decision_count"

    act: Mapped[Act] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(24), primary_key=True, default="")
    count: Mapped[int] = mapped_column(default=0)


class Claim(Base):
    """A moderator has something in hand: nobody else decides on it until it is given back or the time is over."""

    __tablename__ = "claim"
    __table_args__ = (
        sa.Index("uq_claim_held", "subject", unique=True, sqlite_where=sa.text("ended_at IS NULL"),
                 postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_claim_person", "person_id", "taken_at"),
    )

    id: Mapped[pk]
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Aside(Base):
    """Something is laid aside until a day, or passed on to others: by whom, when, and why."""

    __tablename__ = "aside"

    subject: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    until: Mapped[datetime | None]
    """Until then it stands in no queue but that of what is laid aside."""
    passed_on_at: Mapped[datetime | None]
    """Since when it lies before the guarantors and those who run the site."""
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"))

    decision: Mapped[Decision] = relationship()


class SavedView(Base):
    """A way of narrowing the queue that a moderator keeps under a name, for nobody else."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the address of the queue asks: parameters and their values."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


sa.Index("ix_flag_waiting", Flag.contribution_id, Flag.created_at,
         sqlite_where=sa.text("decided_at IS NULL"), postgresql_where=sa.text("decided_at IS NULL"))
# the queue begins with what readers reported and nobody decided yet, however many flags are settled
