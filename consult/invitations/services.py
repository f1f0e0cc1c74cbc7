"""Sending invitations, taking them up and taking them back.

Whether somebody has an account with the address that is invited shows nowhere: neither in the answer nor in its
time, because nobody looks.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import MandateKind, Organisation, Person, Role
from consult.accounts.services import hashed, normalised
from consult.core import clock, events
from consult.core.db import db, rows_deleted, rows_touched
from consult.core.policy import Reason
from consult.invitations.models import Invitation

LASTS = timedelta(days=7)
MOST_WAITING = 20
"""Invitations of one organisation, or of one person to anything else, that wait at the same time."""


class InvitationError(ValueError):
    """An invitation that cannot be sent, with the sentence that says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class InvitationSent(events.Event):
    invitation_id: int
    organisation_id: int | None
    role: str | None
    process_id: int | None
    subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(events.Event):
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(events.Event):
    invitation_id: int


def to_organisation(organisation: Organisation, kind: MandateKind, email: str, *,
                    inviter: Person) -> tuple[Invitation, str]:
    """Invite an address to speak or sign for an organisation; answers the invitation and the secret of its link."""
    return _begin(inviter, normalised(email), [Invitation.organisation_id == organisation.id],
                  organisation_id=organisation.id, mandate_kind=kind)


def to_role(role: Role, process_id: int | None, email: str, *, inviter: Person) -> tuple[Invitation, str]:
    """Invite an address to a role; answers the invitation and the secret of its link."""
    same = [Invitation.role == role,
            Invitation.process_id.is_(None) if process_id is None else Invitation.process_id == process_id]
    return _begin(inviter, normalised(email), same, role=role, process_id=process_id)


def to_subject(subject: str, email: str, *, inviter: Person) -> tuple[Invitation, str]:
    """Invite an address to something else, named by kind and id; answers the invitation and the secret of its link."""
    return _begin(inviter, normalised(email), [Invitation.subject == subject], subject=subject)


def _begin(inviter: Person, email: str, same: list[sa.ColumnElement[bool]], *, organisation_id: int | None = None,
           mandate_kind: MandateKind | None = None, role: Role | None = None,
           process_id: int | None = None, subject: str | None = None) -> tuple[Invitation, str]:
    """A new invitation takes the place of one to the same thing that still waits.

    Raises InvitationError where too many wait already.
    """
    _withdraw(inviter, *same, Invitation.email == email)
    crowd = [Invitation.organisation_id == organisation_id] if organisation_id else [
        Invitation.organisation_id.is_(None), Invitation.inviter_id == inviter.id]
    how_many = sa.select(sa.func.count()).select_from(Invitation).where(*_waiting(), *crowd)
    if (db.session.scalar(how_many) or 0) >= MOST_WAITING:
        raise InvitationError(_l("Too many invitations wait for an answer: withdraw some before you send more."))
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=hashed(token), email=email, inviter_id=inviter.id, organisation_id=organisation_id,
        mandate_kind=mandate_kind, role=role, process_id=process_id, subject=subject, expires_at=clock.now() + LASTS)
    db.session.add(invitation)
    db.session.flush()
    events.record(InvitationSent(actor_id=inviter.id, invitation_id=invitation.id, organisation_id=organisation_id,
                                 role=role.value if role else None, process_id=process_id, subject=subject))
    return invitation, token


def with_token(token: str) -> Invitation | None:
    """The invitation of a link while it can be accepted; looking does not use it."""
    return db.session.scalar(
        sa.select(Invitation).where(Invitation.token_hash == hashed(token), *_waiting())
        .options(joinedload(Invitation.organisation), joinedload(Invitation.inviter)))


def use(invitation: Invitation, person: Person) -> bool:
    """Use an invitation up; of many who accept at the same time one does, and the others get False."""
    good = sa.update(Invitation).where(Invitation.id == invitation.id, *_waiting())
    if not rows_touched(good.values(accepted_at=clock.now()).execution_options(synchronize_session=False)):
        return False
    db.session.expire(invitation)
    events.record(InvitationAccepted(actor_id=person.id, invitation_id=invitation.id))
    return True


def withdraw(invitation: Invitation, *, actor: Person) -> bool:
    """Make the link of an invitation worthless; False if it was accepted or withdrawn before."""
    return bool(_withdraw(actor, Invitation.id == invitation.id))


def withdraw_all_of(inviter: Person | int, *which: sa.ColumnElement[bool], actor: Person | None) -> None:
    """Make worthless what somebody sent who may no longer invite."""
    id = inviter if isinstance(inviter, int) else inviter.id
    _withdraw(actor, Invitation.inviter_id == id, *which)


def withdraw_all_to(email: str) -> None:
    """Make worthless what was sent to an address whose account is closed."""
    _withdraw(None, Invitation.email == email)


def _withdraw(actor: Person | None, *which: sa.ColumnElement[bool]) -> Sequence[int]:
    ids = db.session.scalars(sa.select(Invitation.id).where(*which, *_waiting()).order_by(Invitation.id)).all()
    if not ids:
        return []
    gone = sa.update(Invitation).where(Invitation.id.in_(ids), *_waiting()).values(withdrawn_at=clock.now())
    done = db.session.scalars(gone.returning(Invitation.id).execution_options(synchronize_session="fetch")).all()
    for id in done:
        events.record(InvitationWithdrawn(actor_id=actor.id if actor else None, invitation_id=id))
    return done


def _waiting() -> list[sa.ColumnElement[bool]]:
    return [Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > clock.now()]


def forget(*, before: datetime, most: int) -> int:
    """Drop at most so many invitations that ran out before an instant; answers how many went."""
    return rows_deleted(Invitation, Invitation.expires_at < before, most=most)
