"""Organisations that stand behind a proposal."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Mandate, Organisation, Person
from consult.core.db import db
from consult.cosponsors.models import Endorsement
from consult.proposals.models import Proposal


def of(proposal: Proposal) -> Sequence[Endorsement]:
    """Those that stand behind it at this time, with their category, the first first."""
    return db.session.scalars(
        sa.select(Endorsement).where(Endorsement.proposal_id == proposal.id, Endorsement.withdrawn_at.is_(None))
        .options(joinedload(Endorsement.organisation).joinedload(Organisation.category))
        .order_by(Endorsement.given_at, Endorsement.id)).all()


def may_endorse(proposal: Proposal, person: Any) -> list[Organisation]:
    """The organisations of a person that could endorse a proposal or, where it has changed, its present version."""
    if not person.organisations:
        return []
    done = set(db.session.scalars(sa.select(Endorsement.organisation_id).where(
        Endorsement.proposal_id == proposal.id, Endorsement.withdrawn_at.is_(None),
        Endorsement.version >= proposal.version)))
    return [one for one in person.organisations if one.id not in done and one.id != proposal.organisation_id]


def speakers_behind(proposal: Proposal) -> Sequence[tuple[Person, Endorsement]]:
    """Whoever speaks for an organisation that stands behind an earlier version, each once for each organisation."""
    rows = db.session.execute(
        sa.select(Person, Endorsement).join(Mandate, Mandate.person_id == Person.id)
        .join(Endorsement, Endorsement.organisation_id == Mandate.organisation_id)
        .where(Endorsement.proposal_id == proposal.id, Endorsement.withdrawn_at.is_(None), Mandate.ended_at.is_(None),
               Endorsement.version < proposal.version, Person.email.is_not(None), Person.closed_at.is_(None))
        .options(joinedload(Endorsement.organisation)).order_by(Person.id, Endorsement.id))
    return [(person, endorsement) for person, endorsement in rows]
