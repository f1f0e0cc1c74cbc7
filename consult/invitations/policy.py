"""Who may take up an invitation."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.core.policy import Rules, anyone, refusing, signed_in
from consult.invitations.models import Invitation


@refusing(_l("This invitation was sent to another address. Sign in with the account of that address, or ask whoever "
             "invited you to send it to the one with which you are registered."))
def addressed_to_them(person: Any, thing: Invitation) -> bool:
    """Holds for whoever has the account of the address that was invited."""
    return bool(person.email == thing.email)


@refusing(_l("This invitation is no longer good."))
def still_good(person: Any, thing: Invitation) -> bool:
    """Holds until an invitation is accepted, withdrawn or too old."""
    return thing.waits()


RULES: Rules = {
    "invitation.open": [[anyone]],
    "invitation.accept": [[still_good, signed_in, addressed_to_them]],
}
