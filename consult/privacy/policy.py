"""Who may see, get and delete what is held: everybody their own, and nobody that of others."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, recognising
from consult.core.policy import Rules, known, refusing, signed_in
from consult.privacy.models import PersonalExport


@refusing(_l("Only whoever it is about can do this."))
def about_oneself(person: Any, thing: PersonalExport) -> bool:
    """Holds for whoever asked for the copy of their data."""
    return bool(person.is_authenticated) and thing.person_id == person.id


recognised = recognising(_l("First type your password once more, so that nobody else gets or deletes your data."))


RULES: Rules = {
    "privacy.own_data": [[signed_in]],
    "privacy.recognise": [[known]],
    "privacy.ask_copy": [[signed_in, recognised]],
    "privacy.download": [[signed_in, about_oneself, recognised]],
    "privacy.erase": [[signed_in, recognised]],
    "privacy.read_notice": [[signed_in]],
    "privacy.publish_notice": [[plan_office]],
}
