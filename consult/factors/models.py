"""The second factors of people, and what a ceremony with one leaves behind until it is over."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import Base, pk


class CodeApp(Base):
    """An app that shows a new code of six digits every thirty seconds (TOTP, RFC 6238).

    One whose first code was not typed yet is being set up and counts for nothing.
    """

    __tablename__ = "code_app"
    __table_args__ = (
        sa.Index("uq_code_app_in_use", "person_id", unique=True,
                 sqlite_where=sa.text("confirmed_at IS NOT NULL"),
                 postgresql_where=sa.text("confirmed_at IS NOT NULL")),
        sa.Index("uq_code_app_being_set_up", "person_id", unique=True,
                 sqlite_where=sa.text("confirmed_at IS NULL"), postgresql_where=sa.text("confirmed_at IS NULL")),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sealed: Mapped[bytes]
    """The secret, readable only with a key of the installation that is kept outside the database."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute of the last code that was taken: that one and those before are used up."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None]


class Passkey(Base):
    """A key pair whose secret half never leaves a device; here is the public one."""

    __tablename__ = "passkey"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(sa.String(1400), unique=True)
    """As the device calls it, in base64url."""
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper for the day on which the app and the passkeys are out of reach; good once."""

    __tablename__ = "recovery_code"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    used_at: Mapped[datetime | None]


class Ceremony(enum.Enum):
    """What a device is asked to sign for."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


class PasskeyChallenge(Base):
    """What a device must sign, once and within minutes, for one person and one purpose."""

    __tablename__ = "passkey_challenge"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    ceremony: Mapped[Ceremony]
    challenge: Mapped[str] = mapped_column(sa.String(100), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


class FactorTry(Base):
    """One try of a second factor that was not right, or is being looked at."""

    __tablename__ = "factor_try"
    __table_args__ = (sa.Index("ix_factor_try_lately", "person_id", "at"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
