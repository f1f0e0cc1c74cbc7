"""Suspensions: those that run, and those that wait for a second person."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, Role
from consult.contributions.queries import MODERATORS
from consult.core import clock
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision
from consult.sanctions.models import Suspension
from consult.sanctions.proposed import KIND, Proposed

MOST = 50
TWO = frozenset({*MODERATORS, Role.GUARANTOR})
"""Roles that confirm what another person proposed."""


def proposed(id: int) -> Proposed | None:
    """One proposal, as it lies before whoever answers it."""
    found = matters.matter(f"{KIND}:{id}")
    return found if isinstance(found, Proposed) else None


def running(person_id: int) -> Suspension | None:
    """The suspension of somebody that lasts now."""
    return db.session.scalar(sa.select(Suspension).where(
        Suspension.person_id == person_id, Suspension.ends_at > clock.now(), Suspension.lifted_at.is_(None))
        .order_by(Suspension.id.desc()).limit(1))


def awaiting(person_id: int) -> Suspension | None:
    """The proposal about somebody that nobody has answered yet."""
    return db.session.scalar(sa.select(Suspension).where(
        Suspension.person_id == person_id, Suspension.settled_at.is_(None)))


def before(person: Person) -> Sequence[Matter]:
    """All that waits for a second person where this one moderates or is a guarantor, the oldest first."""
    found = db.session.scalars(sa.select(Suspension.id).where(Suspension.settled_at.is_(None), _within(person))
                               .order_by(Suspension.proposed_at, Suspension.id).limit(MOST)).all()
    about = matters.find(f"{KIND}:{id}" for id in found)
    return [about[f"{KIND}:{id}"] for id in found if f"{KIND}:{id}" in about]


def lasting(person: Person) -> Sequence[Suspension]:
    """What lasts now where this person moderates or is a guarantor, what ends soonest first."""
    return db.session.scalars(
        sa.select(Suspension).options(joinedload(Suspension.person)).where(
            Suspension.ends_at > clock.now(), Suspension.lifted_at.is_(None), _within(person))
        .order_by(Suspension.ends_at, Suspension.id).limit(MOST)).all()


def earlier(person_id: int) -> Sequence[Decision]:
    """Warnings and suspensions of somebody so far, the latest first, but for what was taken back."""
    undone = sa.select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
    named = Decision.details["person"].as_integer() == person_id
    return db.session.scalars(sa.select(Decision).where(
        Decision.act.in_((Act.WARN, Act.SUSPEND)), named, Decision.id.not_in(undone))
        .order_by(Decision.id.desc()).limit(MOST)).all()


def _within(person: Person, roles: Iterable[Role] = TWO) -> sa.ColumnElement[bool]:
    scopes = [grant.process_id for grant in person.active_grants if grant.role in roles]
    return sa.true() if None in scopes else Suspension.process_id.in_(scopes)
