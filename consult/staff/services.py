"""Inviting somebody to a role, and taking it up."""

from consult.accounts import queries as accounts
from consult.accounts import services as roles
from consult.accounts import words
from consult.accounts.models import Person, Role
from consult.core import outbox
from consult.core.languages import Localized
from consult.invitations import services as invitations
from consult.invitations.models import Invitation


def invite(role: Role, process_id: int | None, email: str, *, inviter: Person, language: str) -> Invitation:
    """Send an address a link with which its owner takes up a role.

    Raises RoleError for a role that cannot be limited to one percorso, InvitationError where too many wait.
    """
    roles.check_scope(role, process_id)
    invitation, token = invitations.to_role(role, process_id, email, inviter=inviter)
    outbox.post(invitation.email, "role_invitation", key=f"invitation-{invitation.id}", language=language,
                role=words.ROLES[role], process=process_title(process_id), token=token)
    return invitation


def accept(invitation: Invitation, person: Person) -> bool:
    """Take up a role: the person is signed out everywhere. False where the invitation is not good any more."""
    if invitation.role is None or not invitations.use(invitation, person):
        return False
    roles.grant(person, invitation.role, process_id=invitation.process_id, actor=invitation.inviter)
    return True


def process_title(process_id: int | None) -> Localized | None:
    """The percorso for which a role holds; None for the whole site."""
    return next((title for id, _slug, title in accounts.processes() if id == process_id), None)
