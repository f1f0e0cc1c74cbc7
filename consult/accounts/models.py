"""Who takes part: people, the organisations they speak for, their roles and sessions."""

import enum
import re
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.recognised import Recognised
from consult.accounts.standing import Standing
from consult.core import clock
from consult.core.db import Base, pk
from consult.territory.models import Municipality, StakeholderCategory


class Role(enum.Enum):
    """What somebody is charged with, for the site or for one percorso."""

    MODERATOR = "moderator"
    FACILITATOR = "facilitator"
    PLAN_OFFICE = "plan_office"
    STEERING = "steering"
    ADMINISTRATOR = "administrator"
    GUARANTOR = "guarantor"
    DESK_OPERATOR = "desk_operator"
    PLATFORM_ADMIN = "platform_admin"
    OBSERVER = "observer"


class Person(UserMixin, Standing, Recognised, Base):
    """An account; shown by its `shown_name`, never by its e-mail. Without an e-mail nobody can sign in."""

    __tablename__ = "person"

    id: Mapped[pk]
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    display_name: Mapped[str] = mapped_column(sa.String(80), index=True)
    """As the person typed it: what others see is `shown_name`."""
    shows_name: Mapped[bool] = mapped_column(default=True)
    minor: Mapped[bool] = mapped_column(default=False)
    """Under eighteen, as the person declared or the latest verification with an age says."""
    declared_age: Mapped[int | None]
    """The age that the person declared to have reached: the least of the authority at that time."""
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    confirmed_at: Mapped[datetime | None]
    second_factor_since: Mapped[datetime | None]
    """Since when a password alone no longer signs in."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None] = mapped_column(index=True)
    """Since when nothing is known of whoever this was; the row stays, as what they wrote and counted does."""
    withdrew: Mapped[bool] = mapped_column(default=False)
    """What they wrote went with them."""
    signed_in_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    """When they were written to that an account which nobody uses is erased."""
    source: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    """Where an imported author came from, so that a second import finds them."""

    municipality: Mapped[Municipality | None] = relationship()
    role_grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    mandates: Mapped[list["Mandate"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    verifications: Mapped[list["Verification"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    tied_codes: Mapped[list["TiedCode"]] = relationship(back_populates="person", cascade="all, delete-orphan")

    password_at = cast("datetime | None", None)
    """When the password was last typed in the browser that asks; set by whoever finds out who asks."""

    @property
    def shown_name(self) -> str:
        """The name that others see: the only place that decides it."""
        return self.shown_from(self.municipality)

    def shown_from(self, place: Municipality | None) -> str:
        """The name that others see beside something said when the person lived in a place."""
        if self.erased_at is not None:
            return str(_("a person who left"))
        if self.shows_name and not self.minor:
            return self.display_name
        if place is None:
            return str(_("a citizen"))
        return str(_("a citizen of %(municipality)s", municipality=place.name))

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.closed_at is None

    @property
    def holding(self) -> "list[Verification]":
        """The verifications that hold now, the first one first."""
        now = clock.now()
        return sorted((v for v in self.verifications if v.expires_at is None or v.expires_at > now),
                      key=lambda v: v.id)

    @property
    def verified(self) -> bool:
        """True while a verification of residence holds."""
        return any(v.tie is Tie.RESIDES for v in self.holding)

    @property
    def age_band(self) -> str:
        """The age band found at the latest verification that knows it, as in "35-49"; else nothing."""
        return next((v.age_band for v in reversed(self.holding) if v.age_band), "")

    @property
    def age_verified(self) -> bool:
        """True once somebody has looked at how old the person is."""
        return any(v.age_band for v in self.verifications)

    @property
    def residence_id(self) -> int | None:
        """The municipality this person counts for: where residence was verified, else where the person says to live."""
        return next((v.municipality_id for v in self.holding if v.tie is Tie.RESIDES), self.municipality_id)

    @property
    def organisations(self) -> "list[Organisation]":
        """The organisations this person may speak for: only those that the plan office has verified."""
        return [mandate.organisation for mandate in self.mandates
                if mandate.ended_at is None and mandate.organisation.verified_at is not None]

    def mandate_for(self, organisation: "Organisation") -> "Mandate | None":
        """The mandate with which this person may speak for an organisation now."""
        return next((mandate for mandate in self.mandates if mandate.ended_at is None
                     and mandate.organisation_id == organisation.id and organisation.verified_at is not None), None)


class RoleGrant(Base):
    """A role held by a person, for the whole site or for one process."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.Index("uq_role_grant_site", "person_id", "role", unique=True,
                 sqlite_where=sa.text("process_id IS NULL"), postgresql_where=sa.text("process_id IS NULL")),
        sa.UniqueConstraint("person_id", "role", "process_id"),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    role: Mapped[Role]
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship(back_populates="role_grants")


class Organisation(Base):
    """A stakeholder: a party with members who hold its mandate, not a shared log-in."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.Index("ix_organisation_listed", "name", "id"),
        sa.CheckConstraint("verified_at IS NULL OR refused_at IS NULL", name="verified_or_refused"),
    )

    id: Mapped[pk]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stakeholder_category.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    """Where its seat is."""
    description: Mapped[str] = mapped_column(sa.Text, default="")
    description_html: Mapped[str] = mapped_column(sa.Text, default="")
    verified_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(sa.String(1000), default="")
    """Why it was not verified: told to those who speak for it."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    category: Mapped[StakeholderCategory | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()


class MandateKind(enum.Enum):
    """What somebody may do in the name of an organisation."""
    SPEAKS = "speaks"
    SIGNS = "signs"
    """Whoever signs for an organisation speaks for it too."""


class Mandate(Base):
    """Somebody speaks or signs for an organisation; once ended it stays, as what was said with it does."""

    __tablename__ = "mandate"
    __table_args__ = (
        sa.Index("uq_mandate_held", "person_id", "organisation_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[MandateKind] = mapped_column(default=MandateKind.SPEAKS)
    since: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="mandates")
    organisation: Mapped[Organisation] = relationship()


class VerificationMethod(enum.Enum):
    """How a residence was verified."""

    IDENTITY = "identity"
    REGISTER = "register"
    CODE = "code"
    DESK = "desk"


class AssuranceLevel(enum.Enum):
    """How sure one can be that the person is who they say: the words are those of eIDAS."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Tie(enum.Enum):
    """What ties a person to a municipality."""

    RESIDES = "resides"
    WORKS = "works"
    STUDIES = "studies"


class Verification(Base):
    """How it is known that a person lives, works or studies here; the identifier itself is never kept."""

    __tablename__ = "verification"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    method: Mapped[VerificationMethod]
    level: Mapped[AssuranceLevel] = mapped_column(default=AssuranceLevel.LOW)
    tie: Mapped[Tie] = mapped_column(default=Tie.RESIDES)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    age_band: Mapped[str] = mapped_column(sa.String(10), default="")
    identifier_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="verifications")
    municipality: Mapped[Municipality] = relationship()
    formers: Mapped[list[Any]] = relationship(
        "FormerIdentity", viewonly=True,
        primaryjoin="Verification.identifier_hash == foreign(FormerIdentity.identifier_hash)")

    @property
    def by_code(self) -> bool:
        return self.method is VerificationMethod.CODE


class TiedCode(Base):
    """A code with which a person had taken part without their account: it stands for them, and verifies nothing."""

    __tablename__ = "tied_code"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    tied_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship(back_populates="tied_codes")


_AGES = re.compile(r"\d+")
ADULT = 18


def of_minors(age_band: str) -> bool:
    """True for bands such as "16-17" and "<18", of people who are not of age."""
    ages = [int(age) for age in _AGES.findall(age_band)]
    return bool(ages) and (ages[-1] < ADULT or (age_band.strip().startswith("<") and ages[-1] <= ADULT))


@sa.event.listens_for(Verification, "after_insert")
def _know_the_age(_mapper: Any, connection: sa.Connection, verification: Verification) -> None:
    """What was verified of somebody's age stands above what they declared."""
    if verification.age_band:
        connection.execute(sa.update(Person).where(Person.id == verification.person_id)
                           .values(minor=of_minors(verification.age_band)))


class BrowserSession(Base):
    """A browser in which somebody is signed in; deleting the row signs it out at once."""

    __tablename__ = "browser_session"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    browser: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    password_at: Mapped[datetime | None]
    """When the password was last typed in it."""
    second_factor: Mapped[bool] = mapped_column(default=False)
    """Whether it was begun with one: a session without is none for whoever has a second factor."""

    person: Mapped[Person] = relationship()


class TokenPurpose(enum.Enum):
    """What a link sent by mail is good for."""

    CONFIRM = "confirm"
    RESET = "reset"


class MailToken(Base):
    """A link sent by mail, good once, for one purpose, for a while; only its hash is kept."""

    __tablename__ = "mail_token"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[TokenPurpose]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
