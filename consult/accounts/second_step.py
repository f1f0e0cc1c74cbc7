"""Between the password and the session: who has typed the one and owes a second factor for the other."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from consult.accounts.models import Person
from consult.accounts.services import hashed
from consult.core import clock, events, jobs
from consult.core.db import Base, db, pk, rows_touched

LASTS = timedelta(minutes=10)


class PendingSignIn(Base):
    """Somebody has typed the right password: nobody is signed in yet."""

    __tablename__ = "pending_sign_in"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    password_mark: Mapped[str] = mapped_column(sa.String(64))
    """A hash of what was kept of the password then: once there is another one, this is worth nothing."""
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When the password was typed."""
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()


@dataclass(frozen=True, kw_only=True)
class SecondFactorAsked(events.Event):
    person_id: int


def begin(person: Person) -> str:
    """Keep for a few minutes that somebody typed the right password; answers the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    db.session.add(PendingSignIn(token_hash=hashed(token), person_id=person.id, password_mark=_mark(person),
                                 expires_at=clock.now() + LASTS))
    events.record(SecondFactorAsked(actor_id=None, person_id=person.id))
    return token


def waiting(token: str | None) -> PendingSignIn | None:
    """The sign-in that waits for its second factor, while it may be ended."""
    if not token:
        return None
    found = db.session.scalar(
        sa.select(PendingSignIn).options(joinedload(PendingSignIn.person))
        .where(PendingSignIn.token_hash == hashed(token), PendingSignIn.expires_at > clock.now()))
    good = found is not None and found.person.is_active and found.password_mark == _mark(found.person)
    return found if good else None


def end(pending: PendingSignIn) -> bool:
    """Use a pending sign-in up; of two who end it at the same time one comes too late."""
    return bool(rows_touched(sa.delete(PendingSignIn).where(PendingSignIn.id == pending.id)))


def drop(person_id: int) -> None:
    """Nobody goes on who has only shown a password: what they owed has changed."""
    db.session.execute(sa.delete(PendingSignIn).where(PendingSignIn.person_id == person_id))


def _mark(person: Person) -> str:
    return hashed(person.password_hash or "")


@jobs.every_minute
def forget() -> None:
    """Drop what waited for too long."""
    db.session.execute(sa.delete(PendingSignIn).where(PendingSignIn.expires_at < clock.now()))
