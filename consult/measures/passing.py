"""Passing something on: who is asked to decide in a moderator's place."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person, Role, RoleGrant
from consult.core import events
from consult.core.db import db
from consult.moderation.matters import Matter
from consult.moderation.policy import DISINTERESTED

ASKED = (Role.PLATFORM_ADMIN, Role.GUARANTOR)
"""Whoever runs the site, and whoever guards its rules."""


@dataclass(frozen=True, kw_only=True)
class PassedOn(events.Event):
    """A moderator wants these people to decide."""

    subject: str
    person_ids: tuple[int, ...]


def asked(matter: Matter, moderator: Person) -> Sequence[Person]:
    """Who may decide on something in a moderator's place and has no part in it, by their ids."""
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(ASKED), sa.or_(
        RoleGrant.process_id.is_(None), RoleGrant.process_id == matter.process_id))
    people = db.session.scalars(sa.select(Person).where(
        Person.id.in_(held), Person.id != moderator.id, Person.closed_at.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id))
    return [person for person in people if all(rule(person, matter) for rule in DISINTERESTED)]
