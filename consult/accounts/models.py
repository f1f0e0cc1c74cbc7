"""Who takes part: people, the organisations they speak for, their roles and sessions."""

import enum
from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

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


class Person(UserMixin, Base):
    """An account; shown by its display name, never by its e-mail. Without an e-mail nobody can sign in."""

    __tablename__ = "person"

    id: Mapped[pk]
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    display_name: Mapped[str] = mapped_column(sa.String(80))
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    """Where an imported author came from, so that a second import finds them."""

    municipality: Mapped[Municipality | None] = relationship()
    role_grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    mandates: Mapped[list["Mandate"]] = relationship(back_populates="person", cascade="all, delete-orphan")
    verifications: Mapped[list["Verification"]] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.closed_at is None

    def holds(self, *roles: Role, process_id: int | None = None) -> bool:
        """True if one of the roles was granted for the whole site or for this process.

        Without a process, a role in any process counts.
        """
        return any(
            grant.role in roles and (process_id is None or grant.process_id in (None, process_id))
            for grant in self.role_grants
        )

    @property
    def is_staff(self) -> bool:
        return bool(self.role_grants)

    @property
    def verified(self) -> bool:
        """True while a verification of residence holds."""
        now = clock.now()
        return any(v.expires_at is None or v.expires_at > now for v in self.verifications)

    @property
    def residence_id(self) -> int | None:
        """The municipality this person counts for: where residence was verified, else where the person says to live."""
        now = clock.now()
        holding = [v for v in self.verifications if v.expires_at is None or v.expires_at > now]
        return min(holding, key=lambda v: v.id).municipality_id if holding else self.municipality_id

    @property
    def identities(self) -> list[str]:
        """What stands for this person wherever nobody may take part twice, the strongest first.

        A verified identifier comes before the account, so that a second account gives no second vote; all are
        told, so that whoever took part before being verified is recognised afterwards.
        """
        verified = sorted((v for v in self.verifications if v.identifier_hash), key=lambda v: v.id)
        return [*(f"identifier:{v.identifier_hash}" for v in verified), f"person:{self.id}"]

    @property
    def organisations(self) -> "list[Organisation]":
        """The organisations this person may speak for: only those that the plan office has verified."""
        return [mandate.organisation for mandate in self.mandates
                if mandate.ended_at is None and mandate.organisation.verified_at is not None]


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

    id: Mapped[pk]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stakeholder_category.id"))
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    category: Mapped[StakeholderCategory | None] = relationship()


class Mandate(Base):
    """Somebody speaks for an organisation."""

    __tablename__ = "mandate"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
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


class Verification(Base):
    """How it is known that a person lives, works or studies here; the identifier itself is never kept."""

    __tablename__ = "verification"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    method: Mapped[VerificationMethod]
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    age_band: Mapped[str] = mapped_column(sa.String(10), default="")
    identifier_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="verifications")


class BrowserSession(Base):
    """A browser in which somebody is signed in; deleting the row signs it out at once."""

    __tablename__ = "browser_session"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    browser: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)

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
