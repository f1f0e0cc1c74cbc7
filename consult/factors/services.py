"""Setting up second factors, signing in with one, taking them away."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import sqlalchemy as sa

from consult.accounts import second_step
from consult.accounts.models import BrowserSession, Person
from consult.accounts.second_step import PendingSignIn
from consult.accounts.services import AccountClosed, end_all_sessions
from consult.core import clock, config, events, jobs, outbox
from consult.core.db import db
from consult.factors import codes, queries
from consult.factors.models import CodeApp, FactorTry, Passkey, PasskeyChallenge, RecoveryCode

LASTS = timedelta(minutes=10)
SETTING_UP_LASTS = timedelta(hours=1)
LIMITS = ((5, timedelta(minutes=5)), (20, timedelta(hours=1)), (50, timedelta(days=1)))
"""Tries that are not right within a time, for an account: whoever makes them has its password."""
MOST_PASSKEYS = 10


class TooManyTriesError(Exception):
    """No second factor is looked at for a while."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(str(left))
        self.left = left


@dataclass(frozen=True, kw_only=True)
class CodeAppBegun(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class CodeAppAdded(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class CodeAppRemoved(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class PasskeyAdded(events.Event):
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyRemoved(events.Event):
    passkey_id: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class SecondFactorShown(events.Event):
    kind: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorFailed(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class SecondFactorsReset(events.Event):
    person_id: int


# signing in
def show_code(pending: PendingSignIn, typed: str) -> bool:
    """End a pending sign-in with a code of the app; False for one that is not right. Raises TooManyTriesError."""
    app = queries.code_app(pending.person)
    return _show(pending, "code", lambda: app is not None and codes.take(app, typed))


def show_recovery_code(pending: PendingSignIn, typed: str) -> bool:
    """End a pending sign-in with a recovery code; the person is told. Raises TooManyTriesError."""
    person = pending.person
    if not _show(pending, "recovery", lambda: codes.take_recovery(person, typed)):
        return False
    tell(person, "factor_recovered", left=queries.recovery_codes_left(person))
    return True


def show_passkey(pending: PendingSignIn, proved: Callable[[], Passkey | None]) -> bool:
    """End a pending sign-in with what a device signed. Raises TooManyTriesError."""
    return _show(pending, "passkey", lambda: proved() is not None)


def _show(pending: PendingSignIn, kind: str, holds: Callable[[], bool]) -> bool:
    """A try is counted before it is looked at, and one at a time for a person: many at once are no more than five."""
    person = pending.person
    _wait_for_others(person)
    tried = _try(person)
    if not holds() or not second_step.end(pending):
        _failed(person)
        return False
    db.session.delete(tried)
    events.record(SecondFactorShown(actor_id=person.id, kind=kind))
    return True


def _wait_for_others(person: Person) -> None:
    db.session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())


def _try(person: Person) -> FactorTry:
    now = clock.now()
    if config.current().rate_limits:
        times = queries.tries_since(person, now - LIMITS[-1][1])
        waits = [times[most - 1] + during - now for most, during in LIMITS if len(times) >= most]
        if waits and max(waits) > timedelta():
            raise TooManyTriesError(max(waits))
    tried = FactorTry(person_id=person.id, at=now)
    db.session.add(tried)
    db.session.flush()
    return tried


def _failed(person: Person) -> None:
    """Whoever failed knows the password: the owner is told where it happens again and again, once a day."""
    events.record(SecondFactorFailed(actor_id=None, person_id=person.id))
    if len(queries.tries_since(person, clock.now() - LIMITS[-1][1])) == LIMITS[0][0]:
        outbox.post(person.email, "factor_guessed", key=f"factor-guessed-{person.id}-{clock.now():%Y-%m-%d}",
                    language=person.language)


# setting up
def begin_code_app(person: Person) -> None:
    """Make the secret of a new app; the one in use stays until the first code of the new one is typed."""
    db.session.execute(sa.delete(CodeApp).where(CodeApp.person_id == person.id, CodeApp.confirmed_at.is_(None)))
    db.session.add(CodeApp(person_id=person.id, sealed=codes.seal(pyotp.random_base32(), person.id)))
    events.record(CodeAppBegun(actor_id=person.id))
    db.session.flush()


def confirm_code_app(person: Person, typed: str) -> bool:
    """Use an app from now on whose first code was typed; False, and nothing changed, for one that is not right."""
    app = queries.code_app(person, being_set_up=True)
    if app is None or not codes.take(app, typed):
        return False
    db.session.execute(sa.delete(CodeApp).where(CodeApp.person_id == person.id, CodeApp.confirmed_at.is_not(None)))
    app.confirmed_at = clock.now()
    events.record(CodeAppAdded(actor_id=person.id))
    _added(person)
    return True


def add_passkey(person: Person, new: dict[str, Any], *, name: str) -> Passkey:
    """Keep a key pair that a device of this person has made."""
    passkey = Passkey(person_id=person.id, name=name, **new)
    db.session.add(passkey)
    db.session.flush()
    events.record(PasskeyAdded(actor_id=person.id, passkey_id=passkey.id))
    _added(person)
    return passkey


def _added(person: Person) -> None:
    tell(person, "factor_added")
    if person.second_factor_since is None:
        person.second_factor_since = clock.now()
        end_all_sessions(person)
        second_step.drop(person.id)


def make_recovery_codes(person: Person) -> list[str]:
    """Ten new codes in place of those before, to be shown this once."""
    made = codes.new_recovery_codes(person)
    events.record(RecoveryCodesMade(actor_id=person.id))
    return made


# taking away
def remove_code_app(person: Person) -> None:
    """Use no app any more."""
    app = queries.code_app(person)
    if app is not None:
        db.session.delete(app)
        events.record(CodeAppRemoved(actor_id=person.id))
        _removed(person)


def remove_passkey(passkey: Passkey, person: Person) -> None:
    """Use a passkey no more."""
    db.session.delete(passkey)
    events.record(PasskeyRemoved(actor_id=person.id, passkey_id=passkey.id))
    _removed(person)


def _removed(person: Person) -> None:
    db.session.flush()
    tell(person, "factor_removed")
    if not queries.has_any(person):
        _forget_all(person)
        db.session.execute(sa.update(BrowserSession).where(BrowserSession.person_id == person.id)
                           .values(second_factor=False))


def reset(person: Person, *, actor: Person | None) -> None:
    """Take all second factors away from somebody who has lost them: signed out everywhere, and told."""
    _forget_all(person)
    end_all_sessions(person)
    second_step.drop(person.id)
    events.record(SecondFactorsReset(actor_id=actor.id if actor else None, person_id=person.id))
    tell(person, "factor_reset")


def _forget_all(person: Person) -> None:
    for kept in (CodeApp, Passkey, RecoveryCode, PasskeyChallenge):
        db.session.execute(sa.delete(kept).where(kept.person_id == person.id))
    person.second_factor_since = None


@events.on(AccountClosed)
def forget_with_account(event: AccountClosed) -> None:
    """Nobody signs in with a closed account, so nothing that would help to is kept."""
    _forget_all(db.session.get_one(Person, event.person_id))


def tell(person: Person, template: str, **context: Any) -> None:
    """Write to somebody what has changed about how they sign in."""
    outbox.post(person.email, template, key=f"factor-{secrets.token_hex(12)}", language=person.language, **context)


@jobs.every_minute
def forget() -> None:
    """Drop what was begun and not ended, and tries that count no more."""
    now = clock.now()
    db.session.execute(sa.delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
    db.session.execute(sa.delete(FactorTry).where(FactorTry.at < now - LIMITS[-1][1]))
    db.session.execute(sa.delete(CodeApp).where(
        CodeApp.confirmed_at.is_(None), CodeApp.created_at < now - SETTING_UP_LASTS))
