"""Who signs in with an identity, and whose it is."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.core.policy import Rules, anyone, refusing, signed_in
from consult.verification.models import ExternalIdentity


@refusing(_l("This identity is tied to another account."))
def own_identity(person: Any, thing: ExternalIdentity) -> bool:
    """Holds for whoever signs in with the identity."""
    return bool(thing.person_id == person.id)


RULES: Rules = {
    "identity.sign_in": [[anyone]],
    "identity.unlink": [[signed_in, own_identity]],
}
