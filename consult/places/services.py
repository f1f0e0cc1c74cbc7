"""Saying where something lies."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions import services as contributions
from consult.contributions.models import Contribution
from consult.core import events
from consult.core.db import db
from consult.places.models import Place, Where


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(events.Event):
    """A contribution has a place, another than before, or none any more."""

    contribution_id: int


def put(contribution: Contribution, where: Where | None, actor: Person) -> bool:
    """Let a contribution have this place, or none; answers whether that is another than before.

    Where moderators read before publication they look again: an address is words that everyone reads.
    """
    place = db.session.get(Place, contribution.id)
    if (place.where if place else None) == where:
        return False
    if place is not None and where is None:
        db.session.delete(place)
    elif where is not None:
        place = place or Place(contribution_id=contribution.id)
        place.municipality_id, place.address = where.municipality_id, where.address
        place.latitude, place.longitude = where.latitude, where.longitude
        db.session.add(place)
    db.session.flush()
    contributions.have_read_again(contribution, actor)
    events.record(PlaceChanged(actor_id=actor.id, contribution_id=contribution.id))
    return True


def forget(contribution_id: int) -> None:
    """Let a contribution that nobody will read any more have no place."""
    db.session.execute(sa.delete(Place).where(Place.contribution_id == contribution_id))
