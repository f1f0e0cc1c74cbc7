"""What happened to what people follow, and at what pace they want to hear of it.

What happens is written once, however many follow: who hears of it is found when they look, or when mail is due.
"""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution
from consult.core import clock
from consult.core.db import Base, pk
from consult.pact.models import Commitment
from consult.processes.models import Activity, Process


class HappeningKind(enum.Enum):
    """What somebody can hear of."""

    PROPOSED = "proposed"
    COMMENTED = "commented"
    REPLIED = "replied"
    MENTIONED = "mentioned"
    ANSWERED = "answered"
    CHANGED = "changed"
    AMENDED = "amended"
    TOPIC = "topic"
    STATEMENT = "statement"
    OUTCOME_PROPOSED = "outcome_proposed"
    OUTCOME_DECIDED = "outcome_decided"
    OPENED = "opened"
    RESULTS = "results"
    PLAN = "plan"
    PASSED_ON = "passed_on"
    DOCUMENT = "document"
    PROGRESS = "progress"
    CONVENED = "convened"
    CANCELLED = "cancelled"
    CIRCULATED = "circulated"
    MINUTES = "minutes"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    WITHDRAWN = "withdrawn"


class Happening(Base):
    """Something happened; whoever follows what is named in one of the first four columns hears of it, once.

    `person_id` hears of it whatever they follow: they were called by name, asked to decide, or waited for it.
    `subject_id` is the text that was written, or that changed: whoever wrote it hears nothing of it.
    """

    __tablename__ = "happening"

    id: Mapped[pk]
    kind: Mapped[HappeningKind]
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    subject_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    matter: Mapped[str | None] = mapped_column(sa.String(40))
    """What lies before the moderators, as in `contribution:12`, for whoever is asked to decide on it; or a document,
    or the meeting whose minutes somebody can correct."""
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    code = ""
    """What people call that matter by, once it is fetched."""
    address = ""
    """Where it leads once that matter has no page any more, once it is fetched."""
    number = 1
    """Of how many of its kind it is the latest, where they are told as one."""

    process: Mapped[Process | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    contribution: Mapped[Contribution | None] = relationship(foreign_keys=contribution_id)
    commitment: Mapped[Commitment | None] = relationship()
    subject: Mapped[Contribution | None] = relationship(foreign_keys=subject_id)


class Pace(enum.Enum):
    """How often somebody is written to."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class NoticePace(Base):
    """How often somebody wants mail, up to which happening they have had it, and which they have seen on the site."""

    __tablename__ = "notice_pace"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    pace: Mapped[Pace] = mapped_column(default=Pace.DAILY, index=True)
    mailed_to: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_to: Mapped[int] = mapped_column(default=0)
