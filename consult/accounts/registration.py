"""Signing up and forgotten passwords: whether an address is known shows only in the mail that it gets.

Every act does the same work and writes as many rows for a known address as for an unknown one, so neither the
answer nor its time tells a stranger who has an account.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts import queries
from consult.accounts.models import BrowserSession, MailToken, Person, RoleGrant, TokenPurpose
from consult.accounts.services import hashed, kill_links, normalised, set_password
from consult.core import clock, events, outbox, passwords
from consult.core.db import db, insert, rows_deleted, rows_touched

LASTS = {TokenPurpose.CONFIRM: timedelta(hours=48), TokenPurpose.RESET: timedelta(hours=1)}


class AddressTakenError(ValueError):
    """Somebody has an account with this address."""


@dataclass(frozen=True, kw_only=True)
class Registered(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationRepeated(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(events.Event):
    person_id: int | None


@dataclass(frozen=True, kw_only=True)
class Confirmed(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(events.Event):
    person_id: int | None


def register(email: str, *, password: str, name: str, municipality_id: int | None, language: str,
             minor: bool = False) -> None:
    """Open an account that waits for the confirmation of its address; the least age of this day counts as declared.

    An address that nobody has confirmed yet may be registered again: the last one who did is believed, because
    only the owner of the mailbox can confirm, and what others typed before must not become theirs.
    """
    email, kept = normalised(email), passwords.hashed(password)
    db.session.execute(insert(Person).values(email=email, display_name=name, language=language)
                       .on_conflict_do_nothing(index_elements=["email"]))
    person = db.session.scalars(sa.select(Person).where(Person.email == email).with_for_update()).one()
    if person.confirmed_at or person.closed_at:
        _write(person, "account_closed" if person.closed_at else "account_known")
        events.record(RegistrationRepeated(actor_id=None, person_id=person.id))
        return
    person.password_hash, person.display_name = kept, name
    person.municipality_id, person.language, person.created_at = municipality_id, language, clock.now()
    person.declared_age, person.minor = queries.minimum_age(), minor
    kill_links(person)
    _send_link(person, TokenPurpose.CONFIRM)
    events.record(Registered(actor_id=None, person_id=person.id))


def create(email: str, *, password: str, name: str, language: str = "it") -> Person:
    """Open an account whose address whoever operates the installation answers for.

    Raises AddressTakenError where somebody has an account with this address.
    """
    if queries.by_email(normalised(email)):
        raise AddressTakenError(email)
    person = Person(email=normalised(email), password_hash=passwords.hashed(password), display_name=name,
                    language=language)
    db.session.add(person)
    db.session.flush()
    events.record(Registered(actor_id=None, person_id=person.id))
    _confirm(person)
    return person


def ask_confirmation(email: str, *, language: str) -> None:
    """Send the link that confirms an address once more."""
    person = queries.by_email(normalised(email))
    if person is None:
        _write_to_nobody(email, language)
    elif person.closed_at or person.confirmed_at:
        _write(person, "account_closed" if person.closed_at else "account_known")
    else:
        _send_link(person, TokenPurpose.CONFIRM)
    events.record(ConfirmationAsked(actor_id=None, person_id=person.id if person else None))


def ask_reset(email: str, *, language: str) -> None:
    """Send a link with which to choose a new password."""
    person = queries.by_email(normalised(email))
    if person is None:
        _write_to_nobody(email, language)
    elif person.closed_at:
        _write(person, "account_closed")
    else:
        _send_link(person, TokenPurpose.RESET)
    events.record(PasswordResetAsked(actor_id=None, person_id=person.id if person else None))


def holder(token: str, purpose: TokenPurpose) -> Person | None:
    """Whom a link was sent to, while it is good for this purpose; looking does not use it."""
    found = _good(token, purpose)
    return found.person if found else None


def confirm(token: str) -> Person | None:
    """Believe that an address belongs to whoever followed its link; None if the link is not good any more."""
    person = _use(token, TokenPurpose.CONFIRM)
    if person is not None:
        _confirm(person)
        kill_links(person)
    return person


def reset(token: str, password: str) -> Person | None:
    """Give a new password to whoever followed the link; None, and nothing changed, if it is not good any more.

    The link came by mail, so it also confirms the address.
    """
    person = _use(token, TokenPurpose.RESET)
    if person is not None:
        _confirm(person)
        set_password(person, password, actor=person)
    return person


def _confirm(person: Person) -> None:
    if person.confirmed_at is None:
        person.confirmed_at = clock.now()
        events.record(Confirmed(actor_id=person.id))


def _send_link(person: Person, purpose: TokenPurpose) -> None:
    """Only a hash of the link is kept; what others typed is not repeated in a mail that they can have sent."""
    token = secrets.token_urlsafe(32)
    sent = MailToken(token_hash=hashed(token), person_id=person.id, purpose=purpose,
                     expires_at=clock.now() + LASTS[purpose])
    db.session.add(sent)
    db.session.flush()
    outbox.post(person.email, f"account_{purpose.value}", key=f"account-{purpose.value}-{sent.token_hash[:24]}",
                language=person.language, token=token)


def _write(person: Person, template: str) -> None:
    outbox.post(person.email, template, key=f"account-{secrets.token_hex(12)}", language=person.language)


def _write_to_nobody(email: str, language: str) -> None:
    outbox.post(normalised(email), "account_unknown", key=f"account-{secrets.token_hex(12)}", language=language)


def _good(token: str, purpose: TokenPurpose) -> MailToken | None:
    """A link that was not used, is not too old, was sent for this purpose and to an account that is open."""
    return db.session.scalar(
        sa.select(MailToken).join(MailToken.person).options(joinedload(MailToken.person))
        .where(MailToken.token_hash == hashed(token), MailToken.purpose == purpose, MailToken.used_at.is_(None),
               MailToken.expires_at > clock.now(), Person.closed_at.is_(None)))


def _use(token: str, purpose: TokenPurpose) -> Person | None:
    """Use a link up; of two who follow it at the same time one comes too late."""
    found = _good(token, purpose)
    if found is None:
        return None
    once = sa.update(MailToken).where(MailToken.id == found.id, MailToken.used_at.is_(None))
    return found.person if rows_touched(once.values(used_at=clock.now())) else None


def forget_sessions(*, before: datetime, most: int) -> int:
    """Drop at most so many sessions that ran out before an instant; answers how many went."""
    return rows_deleted(BrowserSession, BrowserSession.expires_at < before, most=most)


def forget_links(*, before: datetime, most: int) -> int:
    """Drop at most so many links that ran out before an instant; answers how many went."""
    return rows_deleted(MailToken, MailToken.expires_at < before, most=most)


def unconfirmed(*, before: datetime, most: int) -> Sequence[Person]:
    """At most so many accounts that were opened before an instant and that nobody has confirmed."""
    never = sa.select(Person).where(
        Person.confirmed_at.is_(None), Person.closed_at.is_(None), Person.email.is_not(None),
        Person.password_hash.is_not(None), Person.created_at < before,
        ~sa.exists().where(RoleGrant.person_id == Person.id))
    return db.session.scalars(never.order_by(Person.id).limit(most)).all()
