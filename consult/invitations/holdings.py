"""What invitations hold of a person; never the address of somebody else."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.invitations.models import Invitation


@personal_data(
    "invitations", position=7, title=_l("Invitations that you sent or got"),
    reason=_l("So that whoever is invited by mail to speak for an organisation or to a role can take it up."),
    kept=_l("Thirty days after the invitation has run out."), columns=(Invitation.inviter_id,))
def invitations(person: Person) -> Rows:
    """Those the person sent, without saying to whom, and those sent to their address."""
    concern = sa.or_(Invitation.inviter_id == person.id, Invitation.email == (person.email or ""))
    return [{
        "sent_by_you": one.inviter_id == person.id, "sent_to_you": one.email == person.email, "role": one.role,
        "organisation": one.organisation.name if one.organisation else None, "kind": one.mandate_kind,
        "sent_at": one.created_at, "until": one.expires_at, "accepted_at": one.accepted_at,
        "withdrawn_at": one.withdrawn_at}
        for one in db.session.scalars(sa.select(Invitation).where(concern).order_by(Invitation.id))]


@erased_with
def forget_the_address(event: PersonErased) -> None:
    """What was sent to the address goes; what the person sent goes when it has run out."""
    email = db.session.scalar(sa.select(Person.email).where(Person.id == event.person_id))
    db.session.execute(sa.delete(Invitation).where(Invitation.email == (email or "")))
