"""Having an organisation stand behind a proposal, and no longer."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.contributions.models import State
from consult.contributions.services import MandateError
from consult.core import clock, events
from consult.core.db import StaleVersionError, db, insert, rows_touched, table
from consult.cosponsors.models import Endorsement
from consult.proposals.models import Proposal
from consult.voting import holding


@dataclass(frozen=True, kw_only=True)
class OrganisationEndorsed(events.Event):
    contribution_id: int
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class EndorsementWithdrawn(events.Event):
    contribution_id: int
    organisation_id: int


def endorse(proposal: Proposal, organisation: Organisation, person: Person, *, seen: int | None = None) -> bool:
    """Have an organisation stand behind a proposal, by the mandate that a person holds at this time.

    `seen` is the version that the person had before them. Endorsed already, at most the version changes. Answers
    whether the organisation is new. Raises MandateError without a mandate, RefusedError where the call has closed,
    and StaleVersionError where the proposal was merged or split.
    """
    mandate = person.mandate_for(organisation)
    if mandate is None:
        raise MandateError(organisation.slug)
    text = holding.hold_text(proposal)
    if text.replaced_at is not None or text.state is not State.PUBLISHED:
        raise StaleVersionError(text.version)
    version = seen if seen is not None and 0 < seen < text.version else text.version
    row = insert(Endorsement).values(proposal_id=proposal.id, organisation_id=organisation.id, version=version,
                                     mandate_id=mandate.id, given_at=clock.now())
    new = bool(rows_touched(row.on_conflict_do_nothing()))
    renewed = not new and rows_touched(sa.update(Endorsement).where(
        Endorsement.proposal_id == proposal.id, Endorsement.organisation_id == organisation.id,
        Endorsement.withdrawn_at.is_(None), Endorsement.version < version).values(
            version=version, mandate_id=mandate.id).execution_options(synchronize_session=False))
    if new:
        _move(proposal.id, 1)
    if new or renewed:
        db.session.expire(proposal, ["endorsement_count"])
        events.record(OrganisationEndorsed(actor_id=person.id, contribution_id=proposal.id,
                                           organisation_id=organisation.id))
    return new


def withdraw(endorsement: Endorsement, person: Person) -> bool:
    """Have an organisation no longer stand behind a proposal; answers whether it did.

    Raises RefusedError where the call has closed meanwhile.
    """
    holding.hold_text(endorsement.proposal)
    gone = sa.update(Endorsement).where(Endorsement.id == endorsement.id, Endorsement.withdrawn_at.is_(None))
    if not rows_touched(gone.values(withdrawn_at=clock.now()).execution_options(synchronize_session=False)):
        return False
    _move(endorsement.proposal_id, -1)
    db.session.expire(endorsement)
    db.session.expire(endorsement.proposal, ["endorsement_count"])
    events.record(EndorsementWithdrawn(actor_id=person.id, contribution_id=endorsement.proposal_id,
                                       organisation_id=endorsement.organisation_id))
    return True


def _move(proposal_id: int, by: int) -> None:
    own = table(Proposal)
    db.session.execute(sa.update(own).where(own.c.id == proposal_id)
                       .values(endorsement_count=own.c.endorsement_count + by))
