"""Support that goes along to what was made of the proposals somebody supports: never without their consent."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched
from consult.processes import services as processes
from consult.proposals.models import Proposal
from consult.voting import counts, holding, queries
from consult.voting.models import Support, SupportConsent


@dataclass(frozen=True, kw_only=True)
class SupportCarried(events.Event):
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class SupportNotCarried(events.Event):
    contribution_id: int


def consent_of(successor: Proposal, person: Person) -> SupportConsent | None:
    """What somebody has answered for a proposal that was made out of others."""
    return db.session.scalars(sa.select(SupportConsent).where(
        SupportConsent.successor_id == successor.id, SupportConsent.person_id.in_(person.ids))
        .order_by(SupportConsent.id.desc())).first()


def answer(successor: Proposal, person: Person, *, carries: bool) -> None:
    """Keep whether somebody's support goes along to a proposal, and let it go along or not; the last answer counts.

    Whoever supports the proposal already, by themselves, keeps that support and is counted once. The same answer
    again changes nothing. Raises RefusedError where the call has closed in the meantime, or the proposal is no longer
    public, or was merged or split itself.
    """
    version = holding.hold_standing(successor)  # of two answers at once the second waits here for the first
    known = consent_of(successor, person)
    said = known.carries if known else None
    consent_id = _kept(successor, person, carries)
    moved = _carry(successor, person, consent_id, version) if carries else _take_back(successor, person)
    if moved or said is not carries:
        event = SupportCarried if carries else SupportNotCarried
        events.record(event(actor_id=person.id, contribution_id=successor.id))


def _kept(successor: Proposal, person: Person, carries: bool) -> int:
    row = insert(SupportConsent).values(
        successor_id=successor.id, person_id=person.id, carries=carries, answered_at=clock.now())
    return int(db.session.execute(row.on_conflict_do_update(
        index_elements=["successor_id", "person_id"],
        set_={"carries": row.excluded.carries, "answered_at": row.excluded.answered_at},
    ).returning(SupportConsent.id)).scalar_one())


def _carry(successor: Proposal, person: Person, consent_id: int, version: int) -> bool:
    if queries.supports(successor, person):
        return False
    row = insert(Support).values(
        contribution_id=successor.id, person_id=person.id, municipality_id=person.residence_id,
        verified=person.verified, given_at=clock.now(), consent_id=consent_id, version=version)
    if not rows_touched(row.on_conflict_do_nothing(index_elements=["contribution_id", "person_id"])):
        return False
    counts.move(successor, person.residence_id, 1, version=version, carried=True)
    processes.takes_part(successor.activity, person)
    return True


def _take_back(successor: Proposal, person: Person) -> bool:
    """Remove what was carried; a support given by oneself is taken back with its own button."""
    gone = db.session.execute(
        sa.delete(Support).where(Support.contribution_id == successor.id, Support.person_id.in_(person.ids),
                                 Support.consent_id.is_not(None))
        .returning(Support.municipality_id, Support.version)).first()
    if gone is None:
        return False
    counts.move(successor, gone.municipality_id, -1, version=gone.version, carried=True)
    return True
