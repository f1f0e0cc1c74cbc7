"""Accounts and the browsers in which they are signed in; who holds which role."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from consult.accounts import queries
from consult.accounts.former import FormerIdentity
from consult.accounts.models import (
    BrowserSession,
    MailToken,
    Mandate,
    Organisation,
    Person,
    Role,
    RoleGrant,
    TiedCode,
    Verification,
)
from consult.accounts.standing import WHOEVER_ASKS
from consult.core import clock, config, events, outbox, passwords
from consult.core.db import db, insert, rows_touched, table
from consult.core.graphs import Graph, part
from consult.core.policy import Reason, Verdict
from consult.territory.models import Municipality

LASTS = timedelta(days=7)
STAFF_LASTS = timedelta(hours=12)
SECOND_FACTOR_OWED = _l("One thing first: set up a second step for signing in. A password alone can be guessed or "
                        "stolen.")
SECOND_FACTOR_PAGE = "factors.show"
DEMO_PASSWORD = "dimostrazione"  # noqa: S105 - public on purpose: refused outside the demonstration


class RoleError(ValueError):
    """A role that cannot be given or taken, with the sentence that says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class SignedIn(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SignInFailed(events.Event):
    person_id: int | None


@dataclass(frozen=True, kw_only=True)
class SignedOut(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PasswordTyped(events.Event):
    """Somebody who was signed in proved once more who they are."""


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class AccountClosed(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class RoleGranted(events.Event):
    person_id: int
    role: str
    process_id: int | None


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(events.Event):
    person_id: int
    role: str
    process_id: int | None


def hashed(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def normalised(email: str) -> str:
    """An address in the one form in which it is kept: small letters, its domain as people read it."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return email.strip().lower()


def authenticate(email: str, password: str) -> Person | None:
    """The person whose password this is, confirmed or not; it takes as long where nobody has the address.

    A hash made with parameters that are no longer those of the installation is made anew.
    """
    person = queries.by_email(normalised(email))
    open_account = person if person is not None and person.closed_at is None else None
    right = passwords.right(password, open_account.password_hash if open_account else None)
    if open_account is None or not right or _only_in_demonstration(password):
        events.record(SignInFailed(actor_id=None, person_id=open_account.id if open_account else None))
        return None
    if passwords.outdated(open_account.password_hash or ""):
        open_account.password_hash = passwords.hashed(password)
    return open_account


def _only_in_demonstration(password: str) -> bool:
    return password == DEMO_PASSWORD and not config.current().demo


def start_session(person: Person, browser: str = "", *, password_at: datetime | None = None,
                  second_factor: bool = False) -> str:
    """Sign a person in; answers the token for the browser's cookie, of which only a hash is kept.

    `password_at` is when the password was typed; `second_factor` says that one was shown, or an identity that counts
    as much. A session begun without one is worth nothing for a person who has one, whichever door they came by.
    """
    token = secrets.token_urlsafe(32)
    lasts = STAFF_LASTS if person.is_staff else LASTS
    db.session.add(BrowserSession(token_hash=hashed(token), person_id=person.id, browser=browser[:120],
                                  password_at=password_at, second_factor=second_factor,
                                  expires_at=clock.now() + lasts))
    person.signed_in_at, person.warned_at = clock.now(), None
    events.record(SignedIn(actor_id=person.id))
    return token


def owes_second_factor(person: Person) -> bool:
    """True if the installation asks for a second factor from somebody with these roles."""
    asked_of = config.current().second_factor_for
    return asked_of == "all" or (asked_of == "staff" and person.is_staff)


def end_session(token: str, person: Person) -> None:
    """Sign out one browser."""
    if rows_touched(sa.delete(BrowserSession).where(BrowserSession.token_hash == hashed(token))):
        events.record(SignedOut(actor_id=person.id))


def end_all_sessions(person: Person) -> None:
    """Sign out everywhere."""
    if rows_touched(sa.delete(BrowserSession).where(BrowserSession.person_id == person.id)):
        events.record(SignedOut(actor_id=person.id))


def who(token: str | None) -> Person | None:
    """The person signed in with a token, with roles, mandates and verifications, or None.

    Where a second factor is owed and was not shown, roles count for nothing; where everybody owes one, such a person
    is held back.
    """
    if not token:
        return None
    found = _signed_in().first_with_more({"token": hashed(token), "now": clock.now()})
    if found is None or not found[0].is_active:
        return None
    person, session = found
    if person.second_factor_since is not None and not session.second_factor:
        return None
    # whoever has no password proves who they are by signing in
    seat(person, password_at=session.password_at if person.password_hash else session.created_at,
         second_factor=session.second_factor)
    return person


@cache
def _signed_in() -> Graph[Person]:
    """Every page of whoever has signed in begins with it."""
    own = table(BrowserSession)
    return Graph(
        part(Person, group=WHOEVER_ASKS, municipality=part(Municipality), role_grants=part(RoleGrant),
             verifications=part(Verification, formers=part(FormerIdentity)), tied_codes=part(TiedCode),
             mandates=part(Mandate, organisation=part(Organisation))),
        own.c.token_hash == sa.bindparam("token"), own.c.expires_at > sa.bindparam("now"),
        beside=(own, own.c.person_id == table(Person).c.id),
        more=(own.c.password_at, own.c.created_at, own.c.second_factor))


def seat(person: Person, *, password_at: datetime | None, second_factor: bool) -> None:
    """Say what somebody has shown in the browser that asks, and so which roles count and what is held back."""
    owing = not second_factor and owes_second_factor(person)
    everybody = config.current().second_factor_for == "all"
    person.password_at, person.second_factor_shown, person.roles_sleep = password_at, second_factor, owing
    person.held_back = Verdict(False, SECOND_FACTOR_OWED, remedy=SECOND_FACTOR_PAGE) if owing and everybody else None


def recognise(token: str, person: Person, password: str) -> bool:
    """Note that whoever sits at a browser knows the password of who is signed in there; False, recorded, if not."""
    if not passwords.right(password, person.password_hash):
        events.record(SignInFailed(actor_id=person.id, person_id=person.id))
        return False
    db.session.execute(sa.update(BrowserSession).where(BrowserSession.token_hash == hashed(token))
                       .values(password_at=clock.now()))
    events.record(PasswordTyped(actor_id=person.id))
    return True


def set_password(person: Person, password: str, *, actor: Person | None) -> None:
    """Give a new password: every browser is signed out, links sent before die, and the person is told by mail."""
    person.password_hash = passwords.hashed(password)
    end_all_sessions(person)
    kill_links(person)
    events.record(PasswordChanged(actor_id=actor.id if actor else None, person_id=person.id))
    outbox.post(person.email, "account_password_changed", key=f"account-password-{secrets.token_hex(12)}",
                language=person.language)


def change_password(person: Person, *, old: str, new: str) -> bool:
    """Let a person choose a new password who knows the old one; False, and a recorded failure, otherwise."""
    if not passwords.right(old, person.password_hash):
        events.record(SignInFailed(actor_id=person.id, person_id=person.id))
        return False
    set_password(person, new, actor=person)
    return True


def kill_links(person: Person) -> None:
    """Make every link that was sent to a person worthless."""
    db.session.execute(sa.update(MailToken).values(used_at=clock.now())
                       .where(MailToken.person_id == person.id, MailToken.used_at.is_(None)))


def change_profile(person: Person, *, name: str, municipality_id: int | None, language: str,
                   shows_name: bool = True, minor: bool | None = None) -> None:
    """Change how a person is shown and written to.

    Where a residence was verified, the municipality stays the one that was verified, and so does the age.
    """
    person.display_name, person.shows_name = name, shows_name
    person.language = language
    if minor is not None and not person.age_verified:
        person.minor = minor
    if not person.verified:
        person.municipality_id = municipality_id
    if db.session.is_modified(person):
        events.record(ProfileChanged(actor_id=person.id))


def close(person: Person, *, actor: Person | None) -> None:
    """Close an account: nobody signs in with it any more, and whoever is signed in no longer is."""
    person.closed_at = clock.now()
    end_all_sessions(person)
    kill_links(person)
    events.record(AccountClosed(actor_id=actor.id if actor else None, person_id=person.id))


def check_scope(role: Role, process_id: int | None) -> None:
    """Raise RoleError for a role that cannot be limited to one percorso."""
    if role is Role.PLATFORM_ADMIN and process_id is not None:
        raise RoleError(_l("Whoever administers the platform does so for the whole site: leave out the percorso."))


def grant(person: Person, role: Role, *, process_id: int | None = None, actor: Person | None = None) -> bool:
    """Give a role for the whole site or for one percorso; False if the person has it already.

    The person is signed out everywhere: a browser gets more rights only by signing in.
    Raises RoleError for a role that cannot be limited to one percorso.
    """
    check_scope(role, process_id)
    row = insert(RoleGrant).values(person_id=person.id, role=role, process_id=process_id)
    if not rows_touched(row.on_conflict_do_nothing()):
        return False
    db.session.expire(person, ["role_grants"])
    end_all_sessions(person)
    events.record(RoleGranted(actor_id=actor.id if actor else None, person_id=person.id, role=role.value,
                              process_id=process_id))
    return True


def revoke(person: Person, role: Role, *, process_id: int | None = None, actor: Person | None = None) -> bool:
    """Take a role back and sign the person out; False if the person did not have it.

    Raises RoleError where nobody would be left to administer the platform.
    """
    held = RoleGrant.process_id.is_(None) if process_id is None else RoleGrant.process_id == process_id
    grants = sa.delete(RoleGrant).where(RoleGrant.person_id == person.id, RoleGrant.role == role, held)
    if role is Role.PLATFORM_ADMIN and person.holds(role) and not queries.other_administrators(person):
        raise RoleError(_l("Nobody would be left to administer the platform: give the role to somebody else first."))
    if not rows_touched(grants):
        return False
    db.session.expire(person, ["role_grants"])
    end_all_sessions(person)
    events.record(RoleRevoked(actor_id=actor.id if actor else None, person_id=person.id, role=role.value,
                              process_id=process_id))
    return True
