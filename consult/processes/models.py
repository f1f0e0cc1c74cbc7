"""The percorso: its phases, the axes it is about, and the activities people take part in."""

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import LazyString, format_date, format_time
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.territory.models import Authority


class Process(Base):
    """A percorso towards a plan, in phases."""

    __tablename__ = "process"

    id: Mapped[pk]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey("authority.id"))
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    title: Mapped[Localized]
    summary: Mapped[Localized]
    vision: Mapped[Localized]
    start_act: Mapped[str] = mapped_column(sa.String(200), default="")
    published: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    authority: Mapped[Authority] = relationship()
    phases: Mapped[list["Phase"]] = relationship(back_populates="process", order_by="Phase.position")
    axes: Mapped[list["Axis"]] = relationship(back_populates="process", order_by="Axis.position")
    blackouts: Mapped[list["BlackoutWindow"]] = relationship(order_by="BlackoutWindow.starts_at")

    @property
    def process_id(self) -> int:
        """A percorso belongs to itself: roles held for it are asked of the thing's `process_id`."""
        return self.id

    def paused(self, now: datetime | None = None) -> bool:
        """True while the law forbids to collect anything."""
        return any(window.starts_at <= (now or clock.now()) < window.ends_at for window in self.blackouts)


class PhaseKind(enum.Enum):
    """Which part of the method a phase is."""

    ANALYSIS = "analysis"
    CONCERTATION = "concertation"
    PACT = "pact"


class Phase(Base):
    """One of the three parts of a percorso."""

    __tablename__ = "phase"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "position"),
        sa.CheckConstraint("starts_at < ends_at", name="begins_before_it_ends"),
    )

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    position: Mapped[int]
    kind: Mapped[PhaseKind]
    title: Mapped[Localized]
    purpose: Mapped[Localized]
    outputs: Mapped[list[Any]] = mapped_column(default=list)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship(back_populates="phases")
    activities: Mapped[list["Activity"]] = relationship(back_populates="phase", order_by="Activity.opens_at")

    def current(self, now: datetime | None = None) -> bool:
        """True while the phase is under way."""
        return self.starts_at <= (now or clock.now()) < self.ends_at

    def past(self, now: datetime | None = None) -> bool:
        """True once the phase is over."""
        return self.ends_at <= (now or clock.now())

    @property
    def first_day(self) -> date:
        return clock.local(self.starts_at).date()

    @property
    def last_day(self) -> date:
        """The last day of the phase, which may end at the midnight after it."""
        return clock.local(self.ends_at - timedelta(microseconds=1)).date()


class Axis(Base):
    """A strategic theme: proposals are collected around it, the plan is built on it."""

    __tablename__ = "axis"
    __table_args__ = (sa.UniqueConstraint("process_id", "code"),)

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    title: Mapped[Localized]
    summary: Mapped[Localized]
    colour: Mapped[str] = mapped_column(sa.String(7), default="#0066CC")

    process: Mapped[Process] = relationship(back_populates="axes")


class BlackoutWindow(Base):
    """Days in which the law forbids the authority to communicate and collect: before elections."""

    __tablename__ = "blackout_window"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[Localized]


class Audience(enum.Enum):
    """Who may take part in an activity."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    VERIFIED = "verified"


class ModerationMode(enum.Enum):
    """Whether moderators read before or after publication."""

    BEFORE = "before"
    AFTER = "after"


class ResultsVisible(enum.Enum):
    """When and to whom results are shown."""

    LIVE = "live"
    AFTER_CLOSE = "after_close"
    STAFF = "staff"


class EngagementLevel(enum.Enum):
    """How far what people say can change what is decided."""

    INFORMATION = "information"
    CONSULTATION = "consultation"
    CO_DESIGN = "co_design"
    CO_DECISION = "co_decision"


class Agreements(enum.Enum):
    """What readers may say to a comment with one click."""

    BOTH = "both"
    AGREE = "agree"
    OFF = "off"


class Channel(enum.Enum):
    """By which way something reached the authority."""

    ONLINE = "online"
    PAPER = "paper"
    DESK = "desk"
    ASSEMBLY = "assembly"
    IMPORTED = "imported"


class Standing(enum.Enum):
    """Where an activity stands in time."""

    OPEN = "open"
    COMING = "coming"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True)
class Taking:
    """Whether an activity takes contributions at an instant, and the sentence that says why or until when."""

    standing: Standing
    reason: str | LazyString

    @property
    def open(self) -> bool:
        return self.standing is Standing.OPEN

    def __bool__(self) -> bool:
        return self.open


class Activity(Base):
    """A tool opened in a phase for a time: the base of calls, surveys, ballots and consultations."""

    __tablename__ = "activity"
    __table_args__: tuple[Any, ...] = (
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        sa.CheckConstraint("minimum_age <= maximum_age", name="ages_in_order"),
        sa.Index("ix_activity_closes", "closes_at", "closed_event_at"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(sa.String(24))
    phase_id: Mapped[int] = mapped_column(sa.ForeignKey("phase.id"), index=True)
    title: Mapped[Localized]
    intro: Mapped[Localized]
    negotiable: Mapped[Localized]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    published: Mapped[bool] = mapped_column(default=True)
    suspended_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    notice: Mapped[str] = mapped_column(sa.String(300), default="")
    """What everyone should know of a change to its times: said on its page and on its card."""
    audience: Mapped[Audience] = mapped_column(default=Audience.SIGNED_IN)
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    only_from: Mapped[list[Any]] = mapped_column(default=list)
    """ISTAT codes of the municipalities whose people it is for; empty for all."""
    workers_too: Mapped[bool] = mapped_column(default=False)
    """Of those who were verified, also whoever works or studies there."""
    codes_allowed: Mapped[bool] = mapped_column(default=False)
    """A code of a sheet is enough to take part once, without an account."""
    only_categories: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of the categories of organisations it is for; empty for everybody."""
    moderation: Mapped[ModerationMode] = mapped_column(default=ModerationMode.AFTER)
    results_visible: Mapped[ResultsVisible] = mapped_column(default=ResultsVisible.AFTER_CLOSE)
    engagement_level: Mapped[EngagementLevel] = mapped_column(default=EngagementLevel.CONSULTATION)
    agreements: Mapped[Agreements] = mapped_column(default=Agreements.BOTH)
    opened_event_at: Mapped[datetime | None]
    closed_event_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    """Where an imported activity came from, so that a second import finds it."""

    phase: Mapped[Phase] = relationship(back_populates="activities", lazy="joined")

    results_listed: ClassVar[bool] = True
    """Its results stand among those of a phase and the latest of a percorso; not where they are many and say little."""

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "activity"}  # noqa: RUF012

    @property
    def process_id(self) -> int:
        return self.phase.process_id

    def over(self, now: datetime | None = None) -> bool:
        """True once nothing more will be taken."""
        return self.closes_at <= (now or clock.now())

    def takes(self, now: datetime | None = None) -> Taking:
        """Whether contributions are taken at this instant, and why not: the only question anyone asks of dates."""
        now = now or clock.now()
        if not self.published:
            return Taking(Standing.COMING, _l("This activity is not public yet."))
        if now < self.opens_at:
            return Taking(Standing.COMING, _l("It opens on %(when)s.", when=LazyString(_moment, self.opens_at)))
        if now >= self.closes_at:
            return Taking(Standing.CLOSED, _l("It closed on %(when)s.", when=LazyString(_moment, self.closes_at)))
        if now >= self.phase.ends_at:
            return Taking(Standing.CLOSED, _l("The phase it belongs to is over."))
        if self.suspended_reason:
            return Taking(Standing.PAUSED, _l("It is suspended: %(reason)s", reason=self.suspended_reason))
        if self.phase.process.paused(now):
            return Taking(Standing.PAUSED, _l("Participation is paused before the elections, as the law requires."))
        return Taking(Standing.OPEN, _l("It is open until %(when)s.", when=LazyString(_moment, self.closes_at)))

    def listed(self, now: datetime | None = None) -> Standing:
        """Among which activities lists show it: where it stands in time, unless its kind knows better."""
        return self.takes(now).standing


def _moment(instant: datetime) -> str:
    """With the day of the week, which in Italian spares the article that some numbers elide."""
    return f"{format_date(clock.local(instant), 'full')}, {format_time(instant, 'HH:mm')}"


class ParticipationCount(Base):
    """How often something was done, by phase, activity, kind of act and municipality: moved with each act.

    `activity_id` 0 is the phase as a whole (its people); `municipality_id` 0 is people who named no municipality.
    What is frozen at the end is counted anew from the rows, never from here.
    """

    __tablename__ = "participation_count"

    phase_id: Mapped[int] = mapped_column(sa.ForeignKey("phase.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)


class PhaseParticipant(Base):
    """Somebody proposed, commented or supported in a phase; never written for a vote or an answer."""

    __tablename__ = "phase_participant"

    phase_id: Mapped[int] = mapped_column(sa.ForeignKey("phase.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
