"""Who was verified with what, which ways are open, and what the staff have to look at."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, TiedCode, Verification, VerificationMethod
from consult.core.db import db
from consult.territory.models import Municipality
from consult.verification.models import CodeBatch, Conflict, ProvenIdentifier, RegisterEntry

_TAX_CODES = (Verification.identifier_hash.is_not(None), Verification.method != VerificationMethod.CODE)


def holder_id(identifier: str, *, besides: Person) -> int | None:
    """The id of somebody else for whom an identifier stands: who signs in with it, else who was verified with it."""
    proven = db.session.scalar(sa.select(ProvenIdentifier.person_id).where(
        ProvenIdentifier.identifier_hash == identifier, ProvenIdentifier.person_id != besides.id))
    return proven or db.session.scalar(sa.select(Verification.person_id).where(
        Verification.identifier_hash == identifier, Verification.person_id != besides.id))


def other_identifier(person: Person, identifier: str) -> bool:
    """True if the account stands for another tax code than the one of this hash."""
    verified = sa.select(Verification.id).where(
        Verification.person_id == person.id, *_TAX_CODES, Verification.identifier_hash != identifier)
    proven = sa.select(ProvenIdentifier.person_id).where(
        ProvenIdentifier.person_id == person.id, ProvenIdentifier.identifier_hash != identifier)
    return db.session.scalar(verified.limit(1)) is not None or db.session.scalar(proven) is not None


def with_tax_code(person: Person) -> Sequence[Verification]:
    """The verifications of a person that rest on a tax code."""
    return db.session.scalars(sa.select(Verification).where(Verification.person_id == person.id, *_TAX_CODES)).all()


def codes_of(person_id: int) -> Sequence[str]:
    """The hashes of the codes that stand for a person."""
    verifying = sa.select(Verification.identifier_hash).where(
        Verification.person_id == person_id, Verification.method == VerificationMethod.CODE,
        Verification.identifier_hash.is_not(None))
    return db.session.scalars(sa.union(verifying, sa.select(TiedCode.hash).where(
        TiedCode.person_id == person_id))).all()


def verifications(person: Person) -> Sequence[Verification]:
    """Every verification of a person with its municipality, those that have run out included, the latest first."""
    return db.session.scalars(
        sa.select(Verification).where(Verification.person_id == person.id)
        .options(joinedload(Verification.municipality)).order_by(Verification.id.desc())).all()


def municipality_of_resident(hash: str) -> int | None:
    """The municipality in whose register somebody is."""
    return db.session.scalar(sa.select(RegisterEntry.municipality_id).where(RegisterEntry.hash == hash))


def registers() -> Sequence[Municipality]:
    """The municipalities that have brought their register."""
    kept = sa.exists().where(RegisterEntry.municipality_id == Municipality.id)
    return db.session.scalars(sa.select(Municipality).where(kept).order_by(Municipality.position)).all()


def codes_given() -> bool:
    """True while there are codes that somebody may tie to an account: with one that is too old they took part."""
    good = sa.select(CodeBatch.id).where(CodeBatch.cancelled_at.is_(None), CodeBatch.used_count < CodeBatch.number)
    return db.session.scalar(good.limit(1)) is not None


def batches() -> Sequence[CodeBatch]:
    """The last hundred sheets of codes, the latest first."""
    return db.session.scalars(sa.select(CodeBatch).options(joinedload(CodeBatch.municipality))
                              .order_by(CodeBatch.id.desc()).limit(100)).all()


def open_conflicts() -> Sequence[Conflict]:
    """Conflicts that nobody has closed, the oldest first, with the accounts they are between."""
    return db.session.scalars(
        sa.select(Conflict).where(Conflict.closed_at.is_(None))
        .options(joinedload(Conflict.person), joinedload(Conflict.holder))
        .order_by(Conflict.id).limit(200)).all()


def waiting_conflict(person: Person) -> bool:
    """True while the staff have to find out why this person could not be verified."""
    waits = sa.select(Conflict.id).where(Conflict.person_id == person.id, Conflict.closed_at.is_(None))
    return db.session.scalar(waits.limit(1)) is not None


def municipality_called(name: str) -> Municipality | None:
    """A municipality by ISTAT code, code of Belfiore or name, however a register writes it."""
    wanted = " ".join(name.split()).casefold()
    towns = db.session.scalars(sa.select(Municipality).order_by(Municipality.position)).all()
    return next((town for town in towns if wanted and wanted in {
        town.istat_code.casefold(), town.cadastral_code.casefold(), town.name.casefold()}), None)
