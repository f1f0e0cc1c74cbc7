"""Accounts and the browsers in which they are signed in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import BrowserSession, Mandate, Person
from consult.core import clock, events
from consult.core.db import db

LASTS = timedelta(days=7)
STAFF_LASTS = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class SignedIn(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SignedOut(events.Event):
    pass


def hashed(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def start_session(person: Person, browser: str = "") -> str:
    """Sign a person in; answers the token for the browser's cookie, of which only a hash is kept."""
    token = secrets.token_urlsafe(32)
    lasts = STAFF_LASTS if person.is_staff else LASTS
    db.session.add(BrowserSession(token_hash=hashed(token), person_id=person.id, browser=browser[:120],
                                  expires_at=clock.now() + lasts))
    events.record(SignedIn(actor_id=person.id))
    return token


def end_session(token: str, person: Person) -> None:
    """Sign out one browser."""
    db.session.execute(sa.delete(BrowserSession).where(BrowserSession.token_hash == hashed(token)))
    events.record(SignedOut(actor_id=person.id))


def end_all_sessions(person: Person) -> None:
    """Sign out everywhere."""
    db.session.execute(sa.delete(BrowserSession).where(BrowserSession.person_id == person.id))
    events.record(SignedOut(actor_id=person.id))


def who(token: str | None) -> Person | None:
    """The person signed in with a token, with roles, mandates and verifications, or None."""
    if not token:
        return None
    wanted = (sa.select(Person).join(BrowserSession, BrowserSession.person_id == Person.id)
              .where(BrowserSession.token_hash == hashed(token), BrowserSession.expires_at > clock.now())
              .options(joinedload(Person.municipality), joinedload(Person.role_grants),
                       joinedload(Person.verifications),
                       joinedload(Person.mandates).joinedload(Mandate.organisation)))
    person = db.session.scalars(wanted).unique().first()
    return person if person is not None and person.is_active else None
