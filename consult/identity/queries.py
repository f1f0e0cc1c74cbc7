"""Whom an identity stands for, and with which identities a person signs in."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.core.db import db
from consult.core.once import OnceKey
from consult.verification.models import ExternalIdentity, ProvenIdentifier

UsedKey = OnceKey
"""Where a proof that was used is remembered, for longer than it could be used."""


class Known(Protocol):
    """What a proof says of who it is."""

    @property
    def key(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def identifier(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


def person_of(proof: Known) -> Person | None:
    """The person of an account at a provider, else of the tax code for which some provider vouched."""
    id = owner_id(proof)
    if id is None and proof.identifier is not None:
        id = proven_owner_id(proof.identifier)
    return db.session.get(Person, id) if id is not None else None


def owner_id(proof: Known) -> int | None:
    """The id of the person of an account at a provider."""
    return db.session.scalar(sa.select(ExternalIdentity.person_id).where(
        ExternalIdentity.issuer == proof.issuer, ExternalIdentity.subject_hash == proof.subject))


def proven_owner_id(identifier: str) -> int | None:
    """The id of the person of a tax code for which some provider vouched."""
    return db.session.scalar(
        sa.select(ProvenIdentifier.person_id).where(ProvenIdentifier.identifier_hash == identifier))


def owner_of_address(proof: Known) -> Person | None:
    """Who has the e-mail address that the provider answers for."""
    return accounts.by_email(proof.email) if proof.email else None


def identities(person: Person) -> Sequence[ExternalIdentity]:
    """The identities with which a person signs in."""
    return db.session.scalars(sa.select(ExternalIdentity).where(ExternalIdentity.person_id == person.id)
                              .order_by(ExternalIdentity.id)).all()


def used_key(proof: Known) -> str:
    """Under which a used proof is remembered."""
    return hashlib.sha256(f"identity\0{proof.key}".encode()).hexdigest()
