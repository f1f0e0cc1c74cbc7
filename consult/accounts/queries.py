"""What pages ask about people and the territory they come from."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import BrowserSession, Person, Role, RoleGrant
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized, LocalizedText
from consult.territory.models import Authority, Municipality, StakeholderCategory

_process = sa.table("process", sa.column("id"), sa.column("slug"), sa.column("title", LocalizedText()))
"""Percorsi belong to a layer above: of them only what a role needs to be named is read here."""


def by_email(email: str) -> Person | None:
    """The person with an address in its normalised form."""
    return db.session.scalar(sa.select(Person).where(Person.email == email))


def people(*, staff: bool) -> Sequence[Person]:
    """Everybody with an address, or only those with a role, with their roles."""
    wanted = (sa.select(Person).where(Person.email.is_not(None)).options(selectinload(Person.role_grants))
              .order_by(Person.email))
    return db.session.scalars(wanted.where(Person.role_grants.any()) if staff else wanted).all()


def municipalities() -> Sequence[Municipality]:
    """The municipalities of the territory, in the order in which they are shown."""
    return db.session.scalars(sa.select(Municipality).order_by(Municipality.position, Municipality.name)).all()


def categories() -> Sequence[StakeholderCategory]:
    """The kinds of organisations, in the order in which they are shown."""
    return db.session.scalars(
        sa.select(StakeholderCategory).order_by(StakeholderCategory.position, StakeholderCategory.id)).all()


def minimum_age() -> int:
    """The age from which one may register."""
    return db.session.scalar(sa.select(Authority.minimum_age).order_by(Authority.id).limit(1)) or 16


def sessions_of(person: Person) -> Sequence[BrowserSession]:
    """The browsers in which a person is signed in, the latest first."""
    return db.session.scalars(
        sa.select(BrowserSession)
        .where(BrowserSession.person_id == person.id, BrowserSession.expires_at > clock.now())
        .order_by(BrowserSession.created_at.desc(), BrowserSession.id.desc())).all()


def role_grants() -> Sequence[RoleGrant]:
    """Every role that somebody holds, with the person, by role and name."""
    return db.session.scalars(
        sa.select(RoleGrant).join(RoleGrant.person).options(joinedload(RoleGrant.person))
        .order_by(RoleGrant.role, Person.display_name, RoleGrant.id)).all()


def other_administrators(person: Person) -> bool:
    """True if somebody else with an open account administers the platform."""
    return db.session.scalar(
        sa.select(RoleGrant.id).join(RoleGrant.person)
        .where(RoleGrant.role == Role.PLATFORM_ADMIN, RoleGrant.process_id.is_(None), Person.id != person.id,
               Person.closed_at.is_(None), Person.confirmed_at.is_not(None)).limit(1)) is not None


def processes() -> Sequence[tuple[int, str, Localized]]:
    """Number, slug and title of every percorso, the latest first."""
    rows = db.session.execute(
        sa.select(_process.c.id, _process.c.slug, _process.c.title).order_by(_process.c.id.desc())).all()
    return [(row.id, row.slug, row.title) for row in rows]
