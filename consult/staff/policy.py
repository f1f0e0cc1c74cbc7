"""Who says who has which role."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import platform_admin
from consult.core.policy import Rules, refusing
from consult.invitations.models import Invitation


@refusing(_l("This invitation is to something else."))
def to_a_role(person: Any, thing: Invitation) -> bool:
    """Holds for an invitation to a role."""
    return thing.role is not None


RULES: Rules = {
    "role.give": [[platform_admin]],
    "role.invite": [[platform_admin]],
    "role.withdraw_invitation": [[to_a_role, platform_admin]],
}
