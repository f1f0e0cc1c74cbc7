"""Meetings of a percorso, what is on their agenda, who takes which position, and what their minutes say."""

import enum
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation, Person
from consult.contributions.models import Thread
from consult.core import clock
from consult.core.db import Base, UnchangeableError, append_only, pk
from consult.core.languages import Localized
from consult.governance.models import GovernanceBody
from consult.processes.models import Activity, Process, Standing


class Stance(enum.Enum):
    """Where somebody who sits at a table stands on a point of its agenda."""

    AGREEMENT = "agreement"
    CONDITIONAL = "conditional"
    DISAGREEMENT = "disagreement"
    ABSTENTION = "abstention"


class MinutesState(enum.Enum):
    """How far minutes are on their way to the public."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    APPROVED = "approved"


present = sa.Table(
    "meeting_organisation", Base.metadata,
    sa.Column("meeting_id", sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True))
"""The organisations that were at a meeting; persons are counted, never named."""


class Meeting(Activity):
    """People meet on a day, in a room, online or both; one can write about it while its activity takes comments."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        sa.CheckConstraint("attended IS NULL OR attended >= 0", name="attended_not_negative"),
        sa.CheckConstraint("attended_online IS NULL OR attended_online >= 0", name="attended_online_not_negative"),
        sa.CheckConstraint("cancelled_at IS NULL OR length(trim(cancelled_reason)) > 0", name="says_why_cancelled"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    body_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("governance_body.id", ondelete="SET NULL"), index=True)
    begins_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(sa.String(160), default="")
    address: Mapped[str] = mapped_column(sa.String(240), default="")
    online: Mapped[str] = mapped_column(sa.String(500), default="")
    """The address, beginning with https, at which one takes part from afar."""
    directions: Mapped[str] = mapped_column(sa.String(1000), default="")
    """How to come, and what there is for whoever needs help."""
    convened_at: Mapped[datetime | None]
    short_notice: Mapped[str] = mapped_column(sa.String(500), default="")
    """Why it was convened with less notice than the rules ask for: everyone reads it."""
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    attended: Mapped[int | None]
    """How many were in the room; nobody has said so where it is None."""
    attended_online: Mapped[int | None]
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("thread.id"), unique=True)

    body: Mapped[GovernanceBody | None] = relationship()
    thread: Mapped[Thread | None] = relationship(foreign_keys=[thread_id], post_update=True)  # each names the other
    agenda: Mapped[list["AgendaItem"]] = relationship(
        back_populates="meeting", order_by="AgendaItem.position, AgendaItem.id", cascade="all, delete-orphan")
    documents: Mapped[list["MeetingDocument"]] = relationship(
        back_populates="meeting", order_by="MeetingDocument.id", cascade="all, delete-orphan")
    organisations: Mapped[list[Organisation]] = relationship(secondary=present, order_by=Organisation.name)
    minutes: Mapped["Minutes | None"] = relationship(back_populates="meeting")

    results_listed: ClassVar[bool] = False  # meetings are many, and their minutes tell more
    __mapper_args__ = {"polymorphic_identity": "meeting", "polymorphic_load": "selectin"}  # noqa: RUF012
    # lists of activities tell the day and the place: asked at once for all the meetings in them

    def listed(self, now: datetime | None = None) -> Standing:
        """Once it has taken place, or will not, it is over for whoever looks what to do: also while one can write."""
        return Standing.CLOSED if self.cancelled or self.past(now) else super().listed(now)

    @property
    def convened(self) -> bool:
        return self.convened_at is not None

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def counted(self) -> bool:
        """True once somebody has said how many came."""
        return self.attended is not None

    def past(self, now: datetime | None = None) -> bool:
        """True once it has ended, or would have."""
        return self.ends_at <= (now or clock.now())

    def begun(self, now: datetime | None = None) -> bool:
        return self.begins_at <= (now or clock.now())

    @property
    def day(self) -> date:
        return clock.local(self.begins_at).date()

    def notice_given(self, now: datetime | None = None) -> timedelta:
        """How long before it begins it was convened, or would be if it were convened now."""
        return self.begins_at - (self.convened_at or now or clock.now())


class AgendaItem(Base):
    """A point that a meeting talks about."""

    __tablename__ = "agenda_item"

    id: Mapped[pk]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text, default="")

    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    positions: Mapped[list["Position"]] = relationship(
        back_populates="item", order_by="Position.id", cascade="all, delete-orphan")

    @property
    def process_id(self) -> int:
        return self.meeting.process_id


class Position(Base):
    """What an organisation, or another subject by its written name, said of a point of an agenda: one for each."""

    __tablename__ = "position"
    __table_args__ = (
        sa.UniqueConstraint("agenda_item_id", "organisation_id"),
        sa.UniqueConstraint("agenda_item_id", "name"),
        sa.CheckConstraint("(organisation_id IS NULL) <> (name IS NULL)", name="named_once"),
        sa.CheckConstraint("stance <> 'conditional' OR length(trim(note)) > 0", name="says_its_condition"),
    )

    id: Mapped[pk]
    agenda_item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id", ondelete="CASCADE"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str | None] = mapped_column(sa.String(160))
    """Of a subject that is not registered here; never a person's name."""
    stance: Mapped[Stance]
    note: Mapped[str] = mapped_column(sa.String(600), default="")
    """The condition where agreement has one, else what was added."""

    item: Mapped[AgendaItem] = relationship(back_populates="positions")
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def called(self) -> str:
        return self.organisation.name if self.organisation is not None else self.name or ""


class MeetingDocument(Base):
    """A file that goes with the convocation of a meeting."""

    __tablename__ = "meeting_document"

    id: Mapped[pk]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    name: Mapped[str] = mapped_column(sa.String(120))
    mimetype: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    meeting: Mapped[Meeting] = relationship(back_populates="documents")

    @property
    def process_id(self) -> int:
        return self.meeting.process_id


class Minutes(Base):
    """What was said and agreed at a meeting, read by those who sit on its body; once approved it never changes."""

    __tablename__ = "minutes"
    __table_args__ = (
        sa.CheckConstraint("(state = 'draft') = (circulated_at IS NULL)", name="circulated_at_a_time"),
        sa.CheckConstraint("(circulated_at IS NULL) = (corrections_until IS NULL)", name="corrections_until_a_time"),
        sa.CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_at_a_time"),
    )

    id: Mapped[pk]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), unique=True)
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    circulated_at: Mapped[datetime | None]
    corrections_until: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    meeting: Mapped[Meeting] = relationship(back_populates="minutes")
    corrections: Mapped[list["MinutesCorrection"]] = relationship(
        back_populates="minutes", order_by="MinutesCorrection.id")
    notes: Mapped[list["MinutesNote"]] = relationship(back_populates="minutes", order_by="MinutesNote.id")

    @property
    def public(self) -> bool:
        return self.approved and self.meeting.published

    @property
    def approved(self) -> bool:
        return self.state is MinutesState.APPROVED

    @property
    def activity(self) -> Meeting:
        return self.meeting

    @property
    def title(self) -> Localized:
        """That of the meeting, as minutes have none of their own."""
        return self.meeting.title

    @property
    def process_id(self) -> int:
        return self.meeting.process_id

    @property
    def process(self) -> Process:
        return self.meeting.phase.process

    def takes_corrections(self, now: datetime | None = None) -> bool:
        """True while those who sit on the body are asked to read it."""
        return (self.state is MinutesState.CIRCULATED and self.corrections_until is not None
                and (now or clock.now()) < self.corrections_until)

    @property
    def unanswered(self) -> list["MinutesCorrection"]:
        return [one for one in self.corrections if one.answered_at is None]


class MinutesCorrection(Base):
    """What somebody who sits on the body would have minutes say otherwise, and what was answered."""

    __tablename__ = "minutes_correction"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (taken IS NULL)", name="answered_when_decided"),
    )

    id: Mapped[pk]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"), index=True)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Nobody once they have left."""
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """In whose name it was sent, where an organisation sits on the body."""
    text: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    taken: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(sa.String(1000), default="")
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    minutes: Mapped[Minutes] = relationship(back_populates="corrections")
    written_by: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def process_id(self) -> int:
        return self.minutes.process_id


@sa.event.listens_for(Minutes, "before_update")
def _stand(_mapper: Any, _connection: Any, minutes: Minutes) -> None:
    """Approved minutes never change."""
    session = sa.orm.object_session(minutes)
    approving = sa.inspect(minutes).attrs.state.history.has_changes()
    if minutes.approved and not approving and session and session.is_modified(minutes, include_collections=False):
        raise UnchangeableError("approved minutes are never changed")


@append_only
class MinutesNote(Base):
    """What was put right after minutes were approved: it stands below them with its day."""

    __tablename__ = "minutes_note"

    id: Mapped[pk]
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    minutes: Mapped[Minutes] = relationship(back_populates="notes")
