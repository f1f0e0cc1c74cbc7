"""The bodies of a percorso and who sits on them."""

import enum
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation, Person
from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Axis, Process


class BodyKind(enum.Enum):
    """What a body of a percorso is for."""

    STEERING_GROUP = "steering_group"
    PLAN_OFFICE = "plan_office"
    GUARANTEE_COMMITTEE = "guarantee_committee"
    THEMATIC_TABLE = "thematic_table"
    FORUM = "forum"
    OTHER = "other"


class GovernanceBody(Base):
    """A body with a name and a mandate, such as the steering group or a thematic table."""

    __tablename__ = "governance_body"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    kind: Mapped[BodyKind]
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Localized]
    mandate: Mapped[Localized]
    meets: Mapped[Localized]
    """How often it meets."""
    axis_id: Mapped[int | None] = mapped_column(sa.ForeignKey("axis.id"))
    """The theme that a table is about."""
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship()
    axis: Mapped[Axis | None] = relationship()
    members: Mapped[list["BodyMember"]] = relationship(
        back_populates="body", order_by="BodyMember.position, BodyMember.id", cascade="all, delete-orphan")

    @property
    def sitting(self) -> list["BodyMember"]:
        """Its members of today."""
        return [member for member in self.members if member.sits()]

    def seats_of(self, person: Any) -> "list[BodyMember]":
        """The seats that somebody holds today: their own, and those of organisations they speak for."""
        if not person.is_authenticated:
            return []
        spoken_for = {organisation.id for organisation in person.organisations}
        return [seat for seat in self.sitting
                if seat.person_id == person.id or (seat.organisation_id or 0) in spoken_for]


class BodyMember(Base):
    """Somebody sits on a body: a person with an account, an organisation, or a written name."""

    __tablename__ = "body_member"
    __table_args__ = (
        sa.CheckConstraint("(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
                           " + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
                           " + (CASE WHEN name = '' THEN 0 ELSE 1 END) = 1", name="named_once"),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="since_before_until"),
    )

    id: Mapped[pk]
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("governance_body.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(160), default="")
    since: Mapped[date | None]
    until: Mapped[date | None]

    body: Mapped[GovernanceBody] = relationship(back_populates="members")
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def process_id(self) -> int:
        return self.body.process_id

    @property
    def called(self) -> str:
        """The name that is shown."""
        if self.organisation is not None:
            return self.organisation.name
        return self.person.shown_name if self.person is not None else self.name

    def sits(self) -> bool:
        """True today."""
        today = clock.today()
        return (self.since is None or self.since <= today) and (self.until is None or today <= self.until)
