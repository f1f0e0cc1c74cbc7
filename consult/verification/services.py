"""Verifying a person, whichever way it was found who they are: each once, and whoever is refused is told why."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.former import FormerIdentity
from consult.accounts.models import (
    AssuranceLevel,
    Person,
    Tie,
    Verification,
    VerificationMethod,
    of_minors,
)
from consult.core import clock, events, outbox
from consult.core.db import db, insert, rows_touched, table
from consult.core.policy import Reason
from consult.verification import queries
from consult.verification.models import Conflict, ConflictKind, ExternalIdentity, ProvenIdentifier

LASTS = {
    VerificationMethod.IDENTITY: timedelta(days=730),
    VerificationMethod.REGISTER: timedelta(days=365),
    VerificationMethod.CODE: timedelta(days=365),
    VerificationMethod.DESK: timedelta(days=730),
}
"""How long a verification holds: people move, and an authority that never asks again counts whoever has left."""


class VerificationError(ValueError):
    """Somebody cannot be verified so, with the sentence that says why; a conflict, if there is one, was written."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a way of verifying found about a person; `identifier` is the hash of what may stand for one person only."""

    method: VerificationMethod
    level: AssuranceLevel
    municipality_id: int
    age_band: str = ""
    tie: Tie = Tie.RESIDES
    identifier: str | None = None


@dataclass(frozen=True, kw_only=True)
class PersonVerified(events.Event):
    person_id: int
    verification_id: int
    method: str


@dataclass(frozen=True, kw_only=True)
class VerificationConflicted(events.Event):
    """Somebody could not be verified, as somebody was before: `holder_id`."""

    person_id: int
    holder_id: int


@dataclass(frozen=True, kw_only=True)
class VerificationWithdrawn(events.Event):
    person_id: int
    verification_id: int


@dataclass(frozen=True, kw_only=True)
class ConflictClosed(events.Event):
    conflict_id: int
    freed: bool


_TAKEN = _l("Another account has been verified with the same data, and each person is verified once. If it is yours, "
            "sign in with that one. If it is not, go to the help desk of your municipality with a document: the "
            "office sees that your request conflicts with another one.")
_SECOND = _l("This account was verified with the data of another person before. Each person needs an account of "
             "their own; if there is a mistake, the help desk of your municipality can put it right.")


def verify(person: Person, found: Finding, *, actor: Person | None) -> Verification:
    """Keep what was found about a person; what was found so before is renewed.

    Raises VerificationError where somebody else was verified with the same identifier, or the person with another
    one: the staff then see the conflict. Of several at the same instant exactly one is verified.
    """
    hold(person)
    if found.identifier is not None:
        _check_conflicts(person, found)
    kept = _renewed(person, found) or _kept(person, found)
    db.session.expire(person, ["verifications"])
    if found.tie is Tie.RESIDES:
        person.municipality_id = found.municipality_id
    if found.age_band:
        person.minor = of_minors(found.age_band)
    events.record(PersonVerified(actor_id=actor.id if actor else None, person_id=person.id, verification_id=kept.id,
                                 method=found.method.value))
    return kept


def hold(person: Person) -> None:
    """Let nobody else verify this person until the transaction ends, and read anew what they were verified with."""
    db.session.refresh(person, ["closed_at"], with_for_update={"of": table(Person)})
    db.session.expire(person, ["verifications", "tied_codes"])


def _check_conflicts(person: Person, found: Finding) -> None:
    assert found.identifier is not None, "asked only for what has one"  # noqa: S101 - for whoever checks the types
    holder_id = queries.holder_id(found.identifier, besides=person)
    if holder_id is not None and not _handed_over(holder_id, found.identifier):
        raise _conflict(ConflictKind.TAKEN, person, holder_id, found)
    if found.method is not VerificationMethod.CODE and queries.other_identifier(person, found.identifier):
        raise _conflict(ConflictKind.SECOND, person, person.id, found)


def _handed_over(holder_id: int, identifier: str) -> bool:
    """Whoever closed an account may be verified in a new one: votes follow the identifier, so none is gained."""
    if db.session.scalar(sa.select(Person.closed_at).where(Person.id == holder_id)) is None:
        return False
    db.session.execute(sa.delete(Verification).where(Verification.identifier_hash == identifier))
    for hash in [identifier, *queries.codes_of(holder_id)]:
        db.session.execute(insert(FormerIdentity).values(
            identifier_hash=hash, person_id=holder_id, left_at=clock.now()).on_conflict_do_nothing())
    db.session.execute(sa.delete(ProvenIdentifier).where(ProvenIdentifier.identifier_hash == identifier))
    return True


def _conflict(kind: ConflictKind, person: Person, holder_id: int, found: Finding) -> VerificationError:
    row = insert(Conflict).values(kind=kind, method=found.method, person_id=person.id, holder_id=holder_id,
                                  created_at=clock.now())
    if rows_touched(row.on_conflict_do_nothing()):
        events.record(VerificationConflicted(actor_id=person.id, person_id=person.id, holder_id=holder_id))
    return VerificationError(_TAKEN if kind is ConflictKind.TAKEN else _SECOND)


def _renewed(person: Person, found: Finding) -> Verification | None:
    """The verification of a person with the same identifier, brought up to date by what was found now."""
    if found.identifier is None:
        return None
    kept = db.session.scalar(sa.select(Verification).where(
        Verification.person_id == person.id, Verification.identifier_hash == found.identifier))
    if kept is not None:
        for name, value in _columns(found).items():
            setattr(kept, name, value)
        db.session.flush()
    return kept


def _kept(person: Person, found: Finding) -> Verification:
    row = insert(Verification).values(person_id=person.id, identifier_hash=found.identifier, created_at=clock.now(),
                                      **_columns(found))
    id = db.session.scalar(row.on_conflict_do_nothing(index_elements=["identifier_hash"]).returning(Verification.id))
    if id is None:  # another was faster by an instant
        holder_id = queries.holder_id(str(found.identifier), besides=person)
        raise _conflict(ConflictKind.TAKEN, person, holder_id or person.id, found)
    return db.session.get_one(Verification, id)


def _columns(found: Finding) -> dict[str, object]:
    return {"method": found.method, "level": found.level, "tie": found.tie, "age_band": found.age_band,
            "municipality_id": found.municipality_id, "expires_at": clock.now() + LASTS[found.method]}


def close_conflict(conflict: Conflict, clerk: Person, *, free: bool, note: str) -> bool:
    """Say what became of a conflict; False where it was closed before.

    `free` takes back the verifications of who was verified before, who is told by mail: the one refused can then be
    verified.
    """
    once = sa.update(Conflict).where(Conflict.id == conflict.id, Conflict.closed_at.is_(None))
    if not rows_touched(once.values(closed_at=clock.now(), closed_by_id=clerk.id, note=note)):
        return False
    if free:
        _withdraw_all(conflict.holder, clerk)
    events.record(ConflictClosed(actor_id=clerk.id, conflict_id=conflict.id, freed=free))
    return True


def _withdraw_all(person: Person, clerk: Person) -> None:
    for verification in queries.with_tax_code(person):
        events.record(VerificationWithdrawn(actor_id=clerk.id, person_id=person.id, verification_id=verification.id))
        outbox.post(person.email, "verification_withdrawn", key=f"verification-withdrawn-{verification.id}",
                    language=person.language)
        db.session.delete(verification)
    db.session.execute(sa.delete(ProvenIdentifier).where(ProvenIdentifier.person_id == person.id))
    db.session.execute(sa.delete(ExternalIdentity).where(ExternalIdentity.person_id == person.id))
    db.session.flush()
    db.session.expire(person, ["verifications"])
