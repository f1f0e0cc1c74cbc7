"""Invitations that wait for an answer."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Organisation
from consult.core import clock
from consult.core.db import db
from consult.invitations.models import Invitation


def _waiting() -> sa.Select[Invitation]:
    return (sa.select(Invitation)
            .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
                   Invitation.expires_at > clock.now())
            .options(joinedload(Invitation.inviter)).order_by(Invitation.created_at, Invitation.id))


def of_organisation(organisation: Organisation) -> Sequence[Invitation]:
    """Those to speak or sign for an organisation, the oldest first."""
    return db.session.scalars(_waiting().where(Invitation.organisation_id == organisation.id)).all()


def to_subject(subject: str) -> Sequence[Invitation]:
    """Those to something that is named by kind and id, the oldest first."""
    return db.session.scalars(_waiting().where(Invitation.subject == subject)).all()


def to_roles() -> Sequence[Invitation]:
    """Those to roles, the oldest first."""
    return db.session.scalars(_waiting().where(Invitation.role.is_not(None)).limit(200)).all()
