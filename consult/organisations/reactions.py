"""Those whom it concerns are told by mail; whoever closes an account no longer speaks for anybody."""

import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation
from consult.accounts.services import AccountClosed
from consult.core import events
from consult.core.db import db
from consult.organisations import mails, queries, services
from consult.organisations.services import (
    MandateEnded,
    MandateGiven,
    OrganisationRefused,
    OrganisationVerified,
)


def _organisation(id: int) -> Organisation:
    return db.session.get_one(Organisation, id)


@events.on(OrganisationVerified)
def tell_verified(event: OrganisationVerified) -> None:
    """Whoever registered it can speak for it from now on."""
    mails.tell_speakers(_organisation(event.organisation_id), "organisation_verified",
                        key=f"organisation-verified-{event.organisation_id}")


@events.on(OrganisationRefused)
def tell_refused(event: OrganisationRefused) -> None:
    """With the reason, and how to put it right."""
    organisation = _organisation(event.organisation_id)
    mails.tell_speakers(organisation, "organisation_refused",
                        key=f"organisation-refused-{organisation.id}-{organisation.version}")


@events.on(MandateGiven)
def tell_others_of_a_new_voice(event: MandateGiven) -> None:
    """Nobody begins to speak for an organisation behind the back of those who do."""
    mandate = db.session.get_one(Mandate, event.mandate_id)
    mails.tell_speakers(mandate.organisation, "mandate_given", key=f"mandate-given-{mandate.id}",
                        but=event.person_id, mandate=mandate)


@events.on(MandateEnded)
def tell_of_the_end(event: MandateEnded) -> None:
    """The person, where another ended the mandate; the plan office, where nobody is left."""
    mandate = db.session.get_one(Mandate, event.mandate_id)
    if event.actor_id is not None and event.actor_id != event.person_id:
        mails.tell_former(mandate)
    organisation = mandate.organisation
    if organisation.verified_at is not None and not queries.mandates_of(organisation):
        mails.tell_plan_office(organisation, key=f"organisation-alone-{mandate.id}")


@events.on(AccountClosed)
def end_mandates(event: AccountClosed) -> None:
    """Nobody speaks for anybody with a closed account."""
    for mandate in db.session.scalars(sa.select(Mandate).where(
            Mandate.person_id == event.person_id, Mandate.ended_at.is_(None)).order_by(Mandate.organisation_id)).all():
        services.end(mandate, actor=None)
