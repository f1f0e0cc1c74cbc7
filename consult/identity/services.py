"""Who comes back from a provider of identity: somebody known, somebody new, or a second account of somebody."""

import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts import queries as accounts
from consult.accounts.models import AssuranceLevel, Person, VerificationMethod
from consult.accounts.registration import Registered
from consult.accounts.services import end_all_sessions, normalised
from consult.core import clock, events, outbox
from consult.core.db import db, insert, rows_touched
from consult.core.policy import Reason
from consult.identity import queries
from consult.identity.providers import Provider
from consult.verification import ages, identifiers, registers, taxcode
from consult.verification import queries as verifications
from consult.verification.models import ExternalIdentity, ProvenIdentifier
from consult.verification.services import Finding, VerificationError, hold, verify

STAYS = 600
"""Seconds between coming back from the provider and saying what to do."""


class RefusedError(ValueError):
    """Somebody cannot enter so, with the sentence that says why; what was written must not be kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(events.Event):
    person_id: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class IdentityUnlinked(events.Event):
    person_id: int
    provider: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is carried from the answer of a provider to the act: no tax code, no day of birth, no name given there."""

    key: str
    """Good once."""
    provider: str
    issuer: str
    subject: str
    identifier: str | None
    name: str
    email: str | None
    municipality_id: int | None
    age_band: str
    age: int | None
    level: str
    at: float

    @property
    def strong(self) -> bool:
        """True where the provider asked for more than a password: it counts as a second factor."""
        return AssuranceLevel(self.level) is not AssuranceLevel.LOW

    @property
    def too_old(self) -> bool:
        return not 0 <= clock.now().timestamp() - self.at <= STAYS


def proof(provider: Provider, claims: dict[str, Any]) -> Proof:
    """What is taken from the claims of a provider; only hashes stand for the tax code and the name it has there."""
    code = taxcode.tidy(_claim(provider, claims, "tax_code", taxcode.is_one) or "")
    born = registers.day(_claim(provider, claims, "born") or "")
    age = ages.age(born, clock.today()) if born and born <= clock.today() else None
    place = verifications.municipality_called(_claim(provider, claims, "municipality") or "")
    municipality_id = place.id if place else None
    if place is None and code and born:
        municipality_id = verifications.municipality_of_resident(identifiers.of_resident(code, born))
    return Proof(
        key=secrets.token_hex(16), provider=provider.key, issuer=provider.issuer,
        subject=identifiers.of_subject(provider.issuer, str(claims["sub"])),
        identifier=identifiers.of_tax_code(code) if code else None, name=_name(provider, claims),
        email=_email(provider, claims), municipality_id=municipality_id,
        age_band=ages.band(age) if age is not None else "", age=age,
        level=provider.level_of(claims.get("acr")).value, at=clock.now().timestamp())


def _claim(provider: Provider, claims: dict[str, Any], what: str, fits: Any = bool) -> str | None:
    """The first of the names for something that has a value; a point leads into an object."""
    for name in provider.claims[what]:
        value: Any = claims.get(name)
        if value is None and "." in name and "://" not in name:
            value = claims
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str) and value.strip() and fits(value.strip()):
            return value.strip()[:300]
    return None


def _name(provider: Provider, claims: dict[str, Any]) -> str:
    """A name to appear under, offered and never imposed: the first name with the initial of the other."""
    given = _claim(provider, claims, "given_name") or ""
    family = _claim(provider, claims, "family_name") or ""
    return " ".join(part for part in (given.title()[:60], f"{family[:1].upper()}." if family else "") if part)


def _email(provider: Provider, claims: dict[str, Any]) -> str | None:
    email = _claim(provider, claims, "email")
    sure = provider.email_verified or claims.get("email_verified") is True
    return normalised(email)[:254] if email and sure and "@" in email else None


def enter(proof: Proof) -> Person | None:
    """The person who signs in so, verified anew by what the provider said; None for somebody new.

    A provider seen for the first time signs in to the account of the same tax code. Raises RefusedError for an account
    that was closed, and where the proof was used before.
    """
    person = queries.person_of(proof)
    if person is None:
        return None
    if not person.is_active:
        raise RefusedError(_l("This account was closed. The help desk of your municipality can tell you more."))
    _use_up(proof)
    _link(person, proof)
    return person


def link(person: Person, proof: Proof) -> None:
    """Let a person who has signed in sign in with an identity too.

    Raises RefusedError where the identity belongs to another account, or the account to another identity.
    """
    owner = queries.person_of(proof)
    if owner is not None and owner.id != person.id:
        raise RefusedError(_l("Another account is tied to this identity. Sign out, then sign in with it: if both "
                              "accounts are yours, the help desk can tell you how to close one."))
    _use_up(proof)
    _link(person, proof)


def open_account(proof: Proof, *, name: str, municipality_id: int | None, language: str) -> Person:
    """Open the account of somebody whom nobody here knew. An e-mail address that somebody has is not taken over.

    Raises RefusedError where the person is too young, or was entered by another request at the same instant.
    """
    if proof.age is not None and proof.age < accounts.minimum_age():
        raise RefusedError(_l("One can have an account from the age of %(age)s.", age=accounts.minimum_age()))
    if queries.person_of(proof) is not None or queries.owner_of_address(proof) is not None:
        raise RefusedError(_SAME_INSTANT)
    _use_up(proof)
    person = Person(email=proof.email, display_name=name, language=language,
                    municipality_id=proof.municipality_id or municipality_id, confirmed_at=clock.now())
    db.session.add(person)
    db.session.flush()
    events.record(Registered(actor_id=None, person_id=person.id))
    _link(person, proof)
    return person


_SAME_INSTANT = _l("This identity has just been used in another window. Sign in with it: the account is there already.")


def _use_up(proof: Proof) -> None:
    """Each proof is good for one act: whoever copies the cookie of a browser finds it worthless."""
    if not rows_touched(insert(queries.UsedKey).values(key=queries.used_key(proof), location="", created_at=clock.now())
                        .on_conflict_do_nothing()):
        raise RefusedError(_l("This was done already. If you want to do it again, begin anew."))


def _link(person: Person, proof: Proof) -> None:
    """Write down whom the identity and its tax code stand for; of several at the same instant one comes first."""
    hold(person)
    row = insert(ExternalIdentity).values(person_id=person.id, provider=proof.provider, issuer=proof.issuer,
                                          subject_hash=proof.subject, created_at=clock.now())
    if rows_touched(row.on_conflict_do_nothing(index_elements=["issuer", "subject_hash"])):
        events.record(IdentityLinked(actor_id=person.id, person_id=person.id, provider=proof.provider))
        outbox.post(person.email, "identity_linked", key=f"identity-{proof.key}", language=person.language,
                    provider=proof.provider)
    elif queries.owner_id(proof) != person.id:
        raise RefusedError(_SAME_INSTANT)
    if proof.identifier is not None:
        row = insert(ProvenIdentifier).values(identifier_hash=proof.identifier, person_id=person.id)
        if not rows_touched(row.on_conflict_do_nothing()) and queries.proven_owner_id(proof.identifier) != person.id:
            raise RefusedError(_l("This account belongs to somebody else: sign out, then sign in with your identity."))


def verified_by(proof: Proof, person: Person) -> Reason | None:
    """Verify a person by what a provider said of where they live; answers why not, where a conflict was written."""
    if proof.identifier is None or proof.municipality_id is None:
        return None
    try:
        verify(person, Finding(method=VerificationMethod.IDENTITY, level=AssuranceLevel(proof.level),
                               municipality_id=proof.municipality_id, age_band=proof.age_band,
                               identifier=proof.identifier), actor=person)
    except VerificationError as refusal:
        return refusal.reason
    return None


def unlink(identity: ExternalIdentity, person: Person) -> None:
    """Let an identity no longer sign in to an account; what was verified with it stays.

    Raises RefusedError where the person could then sign in in no way at all.
    """
    others = queries.identities(person)
    if not (person.email and person.password_hash) and len(others) < 2:
        raise RefusedError(_l("You would have no way of signing in: choose a password first."))
    events.record(IdentityUnlinked(actor_id=person.id, person_id=person.id, provider=identity.provider))
    db.session.execute(sa.delete(ExternalIdentity).where(ExternalIdentity.id == identity.id))
    end_all_sessions(person)
