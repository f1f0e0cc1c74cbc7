"""What pages ask about second factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.factors.models import CodeApp, FactorTry, Passkey, RecoveryCode


@dataclass(frozen=True)
class Held:
    """What somebody signs in with beside the password."""

    app: CodeApp | None
    passkeys: Sequence[Passkey]
    codes_left: int


def held(person: Person) -> Held:
    """The second factors of a person."""
    return Held(app=code_app(person), passkeys=passkeys(person), codes_left=recovery_codes_left(person))


def code_app(person: Person, *, being_set_up: bool = False) -> CodeApp | None:
    """The app that shows codes to a person, or the one that they are setting up."""
    stage = CodeApp.confirmed_at.is_(None) if being_set_up else CodeApp.confirmed_at.is_not(None)
    return db.session.scalar(sa.select(CodeApp).where(CodeApp.person_id == person.id, stage))


def passkeys(person: Person) -> Sequence[Passkey]:
    """The passkeys of a person, the oldest first."""
    return db.session.scalars(sa.select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)).all()


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes were not used yet."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))) or 0


def has_any(person: Person) -> bool:
    """True if a person has an app or a passkey: recovery codes alone are no second factor."""
    return code_app(person) is not None or bool(passkeys(person))


def tries_since(person: Person, since: datetime) -> Sequence[datetime]:
    """When second factors were tried that were not right, the latest first."""
    return db.session.scalars(
        sa.select(FactorTry.at).where(FactorTry.person_id == person.id, FactorTry.at > since)
        .order_by(FactorTry.at.desc(), FactorTry.id.desc())).all()


def staff() -> Sequence[Person]:
    """Everybody who has a role and an open account, by name: those without a second factor first."""
    return db.session.scalars(
        sa.select(Person).where(Person.role_grants.any(), Person.closed_at.is_(None))
        .order_by(Person.second_factor_since.is_not(None), Person.display_name, Person.id)).all()


def known_passkey(credential_id: str) -> bool:
    """True if this key pair is somebody's already."""
    return db.session.scalar(sa.select(Passkey.id).where(Passkey.credential_id == credential_id)) is not None
