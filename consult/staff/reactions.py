"""Whoever gets or loses a role is told, and whoever no longer gives roles has no invitations that wait."""

from consult.accounts.models import Person, Role
from consult.accounts.services import RoleGranted, RoleRevoked
from consult.core import events
from consult.core.db import db
from consult.invitations import services as invitations
from consult.invitations.models import Invitation
from consult.staff import mails


@events.on(RoleGranted)
def tell_given(event: RoleGranted) -> None:
    """Which role, and for what."""
    mails.tell(db.session.get_one(Person, event.person_id), "role_given", Role(event.role), event.process_id)


@events.on(RoleRevoked)
def tell_taken(event: RoleRevoked) -> None:
    """Which role, and that the links they sent are worthless where they may no longer send any."""
    person, role = db.session.get_one(Person, event.person_id), Role(event.role)
    mails.tell(person, "role_taken", role, event.process_id)
    if role is Role.PLATFORM_ADMIN:
        invitations.withdraw_all_of(person, Invitation.role.is_not(None), actor=None)
