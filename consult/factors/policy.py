"""Everybody sets up their own second factors, with the password at hand; administrators only take them away."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.policy import platform_admin, recognised
from consult.core.policy import Rules, anyone, known, refusing
from consult.factors.models import Passkey


@refusing(_l("This passkey belongs to somebody else."))
def own_passkey(person: Any, thing: Passkey) -> bool:
    """Holds for whose passkey it is."""
    return bool(person.is_authenticated) and thing.person_id == person.id


@refusing(_l("Somebody else must take away your second factors: whoever got into your session cannot."))
def another_person(person: Any, thing: Person) -> bool:
    """Holds for everybody but the person in question."""
    return bool(person.id != thing.id)


RULES: Rules = {
    "factor.step": [[anyone]],
    "factor.list": [[known]],
    "factor.set_up": [[known, recognised]],
    "factor.remove_passkey": [[known, own_passkey, recognised]],
    "factor.oversee": [[platform_admin]],
    "factor.reset": [[platform_admin, another_person, recognised]],
}
