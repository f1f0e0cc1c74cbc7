"""Ways of narrowing the queue that a moderator keeps under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db
from consult.core.statements import made_once
from consult.moderation.acts import RefusedError
from consult.moderation.models import SavedView

MOST = 20


@dataclass(frozen=True, kw_only=True)
class ViewKept(events.Event):
    """A moderator keeps a way of narrowing the queue."""

    view_id: int


@dataclass(frozen=True, kw_only=True)
class ViewDropped(events.Event):
    """A moderator keeps it no longer."""

    view_id: int


def of(person: Person) -> Sequence[SavedView]:
    """Those of a person, by name."""
    return db.session.scalars(_of(), {"person": person.id}).all()


@made_once
def _of() -> sa.Select[SavedView]:
    return sa.select(SavedView).where(SavedView.person_id == sa.bindparam("person")).order_by(SavedView.name)


def keep(person: Person, name: str, asked: Mapping[str, Any]) -> SavedView:
    """Keep what the queue is narrowed to; a name that exists means this from now on."""
    kept = of(person)
    view = next((one for one in kept if one.name == name), None)
    if view is None and len(kept) >= MOST:
        raise RefusedError
    if view is None:
        view = SavedView(person_id=person.id, name=name)
        db.session.add(view)
    view.asked = dict(asked)
    db.session.flush()
    events.record(ViewKept(actor_id=person.id, view_id=view.id))
    return view


def drop(view: SavedView, person: Person) -> None:
    """Keep it no longer."""
    events.record(ViewDropped(actor_id=person.id, view_id=view.id))
    db.session.delete(view)
