"""The bodies of a percorso, and who could sit on them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from consult.accounts.models import Organisation, Person, RoleGrant
from consult.core.db import db
from consult.governance.models import BodyMember, GovernanceBody
from consult.processes.models import Process


def bodies(process: Process) -> Sequence[GovernanceBody]:
    """The bodies of a percorso with their members, in the order in which they are shown."""
    return db.session.scalars(_whole().where(GovernanceBody.process_id == process.id)
                              .order_by(GovernanceBody.position, GovernanceBody.id)).all()


def body(id: int) -> GovernanceBody | None:
    """One body with its members."""
    return db.session.scalar(_whole().where(GovernanceBody.id == id))


def _whole() -> sa.Select[GovernanceBody]:
    members = selectinload(GovernanceBody.members)
    return sa.select(GovernanceBody).options(
        joinedload(GovernanceBody.axis), joinedload(GovernanceBody.process), members.joinedload(BodyMember.person),
        members.joinedload(BodyMember.organisation))


def staff_of(process: Process) -> Sequence[Person]:
    """Whoever has a role in a percorso or on the whole site, by name."""
    held = Person.role_grants.any(sa.or_(RoleGrant.process_id.is_(None), RoleGrant.process_id == process.id))
    return db.session.scalars(sa.select(Person).where(held, Person.closed_at.is_(None))
                              .order_by(Person.display_name, Person.id)).all()


def organisations() -> Sequence[Organisation]:
    """Verified organisations, by name."""
    return db.session.scalars(sa.select(Organisation).where(Organisation.verified_at.is_not(None))
                              .order_by(Organisation.name, Organisation.id)).all()
