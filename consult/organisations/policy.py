"""Who may see an organisation, act for it, and say who else may."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Mandate, MandateKind, Organisation
from consult.accounts.policy import not_suspended, own_mandate, plan_office
from consult.core.policy import Rules, anyone, refusing, signed_in
from consult.invitations.models import Invitation


def held(person: Any, organisation_id: int | None) -> Mandate | None:
    """The mandate that somebody holds now for an organisation, verified or not."""
    if not person.is_authenticated:
        return None
    return next((mandate for mandate in person.mandates
                 if mandate.ended_at is None and mandate.organisation_id == organisation_id), None)


def _organisation_id(thing: Organisation | Mandate | Invitation) -> int | None:
    return thing.id if isinstance(thing, Organisation) else thing.organisation_id


@refusing(_l("The plan office has not verified this organisation yet."))
def verified_organisation(person: Any, thing: Organisation) -> bool:
    """Holds once the plan office has said that the organisation exists."""
    return thing.verified_at is not None


@refusing(_l("The plan office has verified this organisation already."))
def not_verified(person: Any, thing: Organisation) -> bool:
    """Holds until the plan office has said that the organisation exists."""
    return thing.verified_at is None


@refusing(_l("Only whoever speaks for the organisation can do this."), sign_in_helps=True)
def speaks_for(person: Any, thing: Organisation) -> bool:
    """Holds for whoever has a mandate of the organisation."""
    return held(person, _organisation_id(thing)) is not None


@refusing(_l("Only whoever signs for the organisation can do this."), sign_in_helps=True)
def signs_for(person: Any, thing: Organisation | Mandate | Invitation) -> bool:
    """Holds for whoever has the mandate to sign for the organisation."""
    mandate = held(person, _organisation_id(thing))
    return mandate is not None and mandate.kind is MandateKind.SIGNS


@refusing(_l("This mandate has ended already."))
def not_ended(person: Any, thing: Mandate) -> bool:
    """Holds until a mandate has been given back or taken away."""
    return thing.ended_at is None


@refusing(_l("Only whoever sent the invitation can do this."))
def sent_by_oneself(person: Any, thing: Invitation) -> bool:
    """Holds for whoever invited."""
    return bool(thing.inviter_id == person.id)


@refusing(_l("This invitation is to something else."))
def to_an_organisation(person: Any, thing: Invitation) -> bool:
    """Holds for an invitation to speak or sign for an organisation."""
    return thing.organisation_id is not None


RULES: Rules = {
    "organisation.list": [[anyone]],
    "organisation.read": [[verified_organisation], [speaks_for], [plan_office]],
    "organisation.register": [[signed_in]],
    "organisation.manage": [[speaks_for], [plan_office]],
    "organisation.correct": [[speaks_for, not_verified]],
    "organisation.describe": [[speaks_for, verified_organisation, not_suspended]],
    "organisation.check": [[plan_office]],
    "organisation.verify": [[plan_office, not_verified]],
    "organisation.moderate_descriptions": [[plan_office]],
    "organisation.leave": [[signed_in, own_mandate, not_ended]],
    "mandate.invite": [[speaks_for, verified_organisation], [plan_office, verified_organisation]],
    "mandate.invite_to_sign": [[signs_for, verified_organisation], [plan_office, verified_organisation]],
    "mandate.revoke": [[signs_for, not_ended], [plan_office, not_ended]],
    "mandate.withdraw_invitation": [[to_an_organisation, signed_in, sent_by_oneself],
                                    [to_an_organisation, signs_for], [to_an_organisation, plan_office]],
    "category.manage": [[plan_office]],
}
