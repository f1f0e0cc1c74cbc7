"""The pact with its parts, each page in a number of queries that does not grow with it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from consult.accounts.models import Organisation
from consult.contributions.models import Thread
from consult.core import files
from consult.core.db import db
from consult.pact.models import (
    Commitment,
    CommitmentState,
    Pact,
    PactConsultation,
    ProgressReport,
    Signatory,
    Signature,
)
from consult.processes.models import Activity, Phase, Process


def by_slug(slug: str, **_others: Any) -> Pact | None:
    """A pact by the name in its address, whatever else the address names."""
    return db.session.scalar(_pacts().where(Pact.slug == slug))


def of_process(process_id: int) -> Pact | None:
    """The pact of a percorso."""
    return db.session.scalar(_pacts().where(Pact.process_id == process_id))


def _pacts() -> sa.Select[Pact]:
    return sa.select(Pact).options(joinedload(Pact.process).joinedload(Process.authority))


def signatories(pact: Pact) -> Sequence[Signatory]:
    """The parties of a pact with their names and signatures, in their order."""
    return db.session.scalars(
        sa.select(Signatory).where(Signatory.pact_id == pact.id)
        .options(*_party(), selectinload(Signatory.signatures)).order_by(Signatory.position, Signatory.id)).all()


def commitments(pact: Pact, *, drafts: bool = False, milestones: bool = False) -> Sequence[Commitment]:
    """The commitments of a pact with who answers and what was reported; those that are not public only if asked for."""
    wanted = sa.select(Commitment).where(Commitment.pact_id == pact.id).options(*_commitment())
    if not drafts:
        wanted = wanted.where(Commitment.state != CommitmentState.DRAFT)
    if milestones:
        wanted = wanted.options(selectinload(Commitment.milestones))
    return db.session.scalars(wanted.order_by(Commitment.position, Commitment.id)).all()


def commitment_called(slug: str, code: str) -> Commitment | None:
    """A commitment by the names in its address, with all that its page shows and all that decides on comments."""
    return db.session.scalars(
        sa.select(Commitment).join(Pact).where(Pact.slug == slug, sa.func.lower(Commitment.code) == code.lower()[:12])
        .options(*_commitment(), selectinload(Commitment.milestones), joinedload(Commitment.indicator),
                 joinedload(Commitment.pact).joinedload(Pact.process).joinedload(Process.authority),
                 joinedload(Commitment.thread).joinedload(Thread.activity).joinedload(Activity.phase)
                 .joinedload(Phase.process).joinedload(Process.blackouts))).unique().first()


def neighbours(commitment: Commitment, *, drafts: bool = False) -> tuple[str | None, str | None]:
    """The codes of the commitments before and after one in its pact."""
    wanted = sa.select(Commitment.code).where(Commitment.pact_id == commitment.pact_id)
    if not drafts:
        wanted = wanted.where(Commitment.state != CommitmentState.DRAFT)
    codes = list(db.session.scalars(wanted.order_by(Commitment.position, Commitment.id)))
    here = codes.index(commitment.code) if commitment.code in codes else None
    if here is None:
        return None, None
    return (codes[here - 1] if here else None), (codes[here + 1] if here + 1 < len(codes) else None)


def signatory_of(slug: str, id: int) -> Signatory | None:
    """A signatory of the pact in the address."""
    return db.session.scalar(
        sa.select(Signatory).join(Pact).where(Pact.slug == slug, Signatory.id == id)
        .options(*_party(), selectinload(Signatory.signatures), joinedload(Signatory.pact).joinedload(Pact.process)))


def signature_of(slug: str, id: int) -> Signature | None:
    """A signature of the pact in the address."""
    return db.session.scalar(
        sa.select(Signature).join(Signatory).join(Pact).where(Pact.slug == slug, Signature.id == id)
        .options(joinedload(Signature.signatory).joinedload(Signatory.pact).joinedload(Pact.process)))


def report_of(commitment: Commitment, id: int | None) -> ProgressReport | None:
    """A report of this commitment."""
    return next((report for report in commitment.reports if report.id == id), None)


def consultation(id: int) -> PactConsultation | None:
    """A consultation with its pact and all that decides whether it takes comments."""
    return db.session.scalars(_consultations().where(PactConsultation.id == id)).unique().first()


def consultation_of(pact: Pact) -> PactConsultation | None:
    """The latest public consultation on this pact."""
    return db.session.scalars(
        _consultations().where(PactConsultation.pact_id == pact.id, PactConsultation.published.is_(True))
        .order_by(PactConsultation.opens_at.desc()).limit(1)).unique().first()


def _consultations() -> sa.Select[PactConsultation]:
    return sa.select(PactConsultation).options(
        joinedload(PactConsultation.pact).joinedload(Pact.process),
        joinedload(PactConsultation.phase).joinedload(Phase.process).joinedload(Process.blackouts))


def organisations() -> Sequence[Organisation]:
    """The verified organisations that can be signatories, by name."""
    return db.session.scalars(sa.select(Organisation).where(Organisation.verified_at.is_not(None))
                              .order_by(Organisation.name, Organisation.id)).all()


def _party() -> list[LoaderOption]:
    return [joinedload(Signatory.organisation), joinedload(Signatory.municipality)]


def _commitment() -> list[LoaderOption]:
    answers = joinedload(Commitment.signatory)
    partners = selectinload(Commitment.partners)
    return [answers.joinedload(Signatory.organisation), answers.joinedload(Signatory.municipality),
            partners.joinedload(Signatory.organisation), partners.joinedload(Signatory.municipality),
            selectinload(Commitment.reports).joinedload(ProgressReport.organisation), joinedload(Commitment.thread)]


@files.naming
def kept(tokens: Sequence[str]) -> set[str]:
    """Which of these names of files stand in a row."""
    found = db.session.execute(sa.select(Signature.token, Signature.report_token).where(
        sa.or_(Signature.token.in_(tokens), Signature.report_token.in_(tokens))))
    return {token for row in found for token in row if token}
