"""Setting up the bodies of a percorso and saying who sits on them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db, hold
from consult.governance.models import BodyMember, GovernanceBody
from consult.processes.models import Process


@dataclass(frozen=True, kw_only=True)
class BodyAdded(events.Event):
    body_id: int
    process_id: int


@dataclass(frozen=True, kw_only=True)
class BodyChanged(events.Event):
    """`changed` names the columns."""

    body_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BodyRemoved(events.Event):
    body_id: int
    process_id: int


@dataclass(frozen=True, kw_only=True)
class MemberAdded(events.Event):
    member_id: int
    body_id: int


@dataclass(frozen=True, kw_only=True)
class MemberChanged(events.Event):
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(events.Event):
    member_id: int
    body_id: int


def add(process: Process, actor: Person, **values: Any) -> GovernanceBody:
    """Add a body, with these columns, after the others."""
    last = db.session.scalar(sa.select(sa.func.max(GovernanceBody.position))
                             .where(GovernanceBody.process_id == process.id)) or 0
    body = GovernanceBody(process=process, position=last + 1, **values)
    db.session.add(body)
    db.session.flush()
    events.record(BodyAdded(actor_id=actor.id, body_id=body.id, process_id=process.id))
    return body


def change(body: GovernanceBody, actor: Person, *, seen: int, **values: Any) -> None:
    """Set columns of a body. Raises StaleVersionError where the version seen is no longer the one saved."""
    hold(body, seen)
    changed = tuple(sorted(name for name, value in values.items() if getattr(body, name) != value))
    for name in changed:
        setattr(body, name, values[name])
    if changed:
        body.version += 1
        events.record(BodyChanged(actor_id=actor.id, body_id=body.id, changed=changed))


def move(body: GovernanceBody, steps: int, actor: Person) -> None:
    """Put a body one place up (-1) or down (1); at the end of the list it stays where it is."""
    order = list(db.session.scalars(sa.select(GovernanceBody).where(GovernanceBody.process_id == body.process_id)
                                    .order_by(GovernanceBody.position, GovernanceBody.id)))
    here = order.index(body)
    there = here + steps
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, each in enumerate(order, 1):
        each.position = position
    events.record(BodyChanged(actor_id=actor.id, body_id=body.id, changed=("position",)))


def remove(body: GovernanceBody, actor: Person) -> None:
    """Remove a body with its members."""
    id, process_id = body.id, body.process_id
    db.session.delete(body)
    db.session.flush()
    events.record(BodyRemoved(actor_id=actor.id, body_id=id, process_id=process_id))


def seat(body: GovernanceBody, actor: Person, **values: Any) -> BodyMember:
    """Let a person, an organisation or somebody by a written name sit on a body, after the others."""
    last = max((member.position for member in body.members), default=0)
    member = BodyMember(body=body, position=last + 1, **values)
    db.session.add(member)
    db.session.flush()
    events.record(MemberAdded(actor_id=actor.id, member_id=member.id, body_id=body.id))
    return member


def change_member(member: BodyMember, actor: Person, **values: Any) -> None:
    """Set the title and the days of a member; equal values change nothing."""
    changed = [name for name, value in values.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, values[name])
    if changed:
        events.record(MemberChanged(actor_id=actor.id, member_id=member.id))


def unseat(member: BodyMember, actor: Person) -> None:
    """Take somebody off a body as if they had never sat on it; whoever leaves gets a last day instead."""
    id, body_id = member.id, member.body_id
    db.session.delete(member)
    db.session.flush()
    events.record(MemberRemoved(actor_id=actor.id, member_id=id, body_id=body_id))
