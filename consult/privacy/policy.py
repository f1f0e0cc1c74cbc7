"""Who may see, get and delete what is held: everybody their own, and nobody that of others."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core import clock
from consult.core.policy import Rules, refusing, signed_in
from consult.privacy.models import PersonalExport

RECENT = timedelta(minutes=10)
"""How long a password typed once more is believed."""


def _ask_who(_person: Any, _thing: Any) -> str:
    return "privacy.recognise"


@refusing(_l("Only whoever it is about can do this."))
def about_oneself(person: Any, thing: PersonalExport) -> bool:
    """Holds for whoever asked for the copy of their data."""
    return bool(person.is_authenticated) and thing.person_id == person.id


@refusing(_l("First type your password once more, so that nobody else gets or deletes your data."), remedy=_ask_who)
def recognised(person: Any, thing: Any) -> bool:
    """Holds for ten minutes after the password was typed in this browser."""
    at = person.password_at
    return at is not None and clock.now() - at < RECENT


RULES: Rules = {
    "privacy.own_data": [[signed_in]],
    "privacy.recognise": [[signed_in]],
    "privacy.ask_copy": [[signed_in, recognised]],
    "privacy.download": [[signed_in, about_oneself, recognised]],
    "privacy.erase": [[signed_in, recognised]],
    "privacy.read_notice": [[signed_in]],
    "privacy.publish_notice": [[plan_office]],
}
