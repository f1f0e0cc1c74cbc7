"""The places of contributions, one or many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from consult.contributions.models import Contribution, State, Thread
from consult.core.db import db
from consult.core.languages import Localized
from consult.places.drawing import Drawing
from consult.places.models import Place, Where
from consult.territory import queries as territory
from consult.territory.models import Boundary, Municipality

MOST_POINTS = 500
"""With more points than this a map says how many there are in each municipality."""


@dataclass(frozen=True)
class Spot:
    """The place of one contribution, for a map and for the list beside it."""

    code: str
    label: Localized
    path: str
    municipality: str
    address: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Points:
    """The places of many contributions: each of them, or where they are too many, how many in each municipality."""

    drawing: Drawing | None
    """None where no boundaries are known: the list beside the map then stands alone."""
    spots: Sequence[Spot]
    towns: Sequence[tuple[Municipality, int]]
    placeless: int
    """How many of the contributions have no place."""

    @property
    def numbers(self) -> dict[int, int]:
        """How many in each municipality, by its id, where they are too many to be told one by one."""
        return {town.id: number for town, number in self.towns}

    @property
    def total(self) -> int:
        """How many have a place."""
        return len(self.spots) or sum(number for _town, number in self.towns)


def on_a_map(contribution: Contribution) -> tuple[Place | None, Drawing | None]:
    """The place of a contribution, and the map of the territory where it is a point: one query for both."""
    theirs = aliased(Municipality)
    authority_id = contribution.activity.phase.process.authority_id
    within = sa.select(Municipality.id).where(Municipality.authority_id == authority_id)
    rows: Sequence[Any] = db.session.execute(
        sa.select(Place, Boundary)
        .outerjoin(Boundary, sa.and_(Place.latitude.is_not(None), Boundary.municipality_id.in_(within)))
        .outerjoin(theirs, theirs.id == Boundary.municipality_id).where(Place.contribution_id == contribution.id)
        .options(joinedload(Place.municipality), contains_eager(Boundary.municipality.of_type(theirs)))
        .order_by(theirs.position, theirs.id)).all()
    if not rows:
        return None, None
    boundaries = tuple(boundary for _place, boundary in rows if boundary is not None)
    return rows[0][0], Drawing(territory.Territory(boundaries)) if boundaries else None


def where(contribution: Contribution) -> Where | None:
    """The place of a contribution as it is said."""
    place = db.session.get(Place, contribution.id)
    return place.where if place else None


def of_contributions(contributions: Iterable[Contribution]) -> dict[int, Place]:
    """The places of several contributions by the id of each, in one query whatever their number."""
    ids = [contribution.id for contribution in contributions]
    rows = sa.select(Place).where(Place.contribution_id.in_(ids)).options(joinedload(Place.municipality))
    return {place.contribution_id: place for place in db.session.scalars(rows)} if ids else {}


def drawing(authority_id: int) -> Drawing | None:
    """The map of a territory; None where no boundaries were taken in."""
    known = territory.territory(authority_id)
    return Drawing(known) if known else None


def points(ids: sa.Select[Any], authority_id: int) -> Points:
    """The places of those of these contributions that are public, the latest first.

    `ids` selects their ids. Three queries whatever their number, four where they are more than MOST_POINTS.
    """
    public = sa.select(Contribution.id).where(Contribution.id.in_(ids), Contribution.state == State.PUBLISHED)
    rows = db.session.execute(
        sa.select(Contribution.code, Thread.label, Thread.path, Municipality.name, Place.address, Place.latitude,
                  Place.longitude)
        .join(Contribution, Place.contribution_id == Contribution.id).join(Thread, Contribution.thread_id == Thread.id)
        .join(Municipality, Place.municipality_id == Municipality.id).where(Place.contribution_id.in_(public))
        .order_by(Place.contribution_id.desc()).limit(MOST_POINTS + 1)).all()
    placeless = db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(
        Contribution.id.in_(public), ~sa.exists().where(Place.contribution_id == Contribution.id))) or 0
    if len(rows) > MOST_POINTS:
        return Points(drawing(authority_id), [], _by_town(public), placeless)
    return Points(drawing(authority_id), [Spot(*row) for row in rows], [], placeless)


def _by_town(public: sa.Select[Any]) -> list[tuple[Municipality, int]]:
    rows = db.session.execute(
        sa.select(Municipality, sa.func.count()).join(Place, Place.municipality_id == Municipality.id)
        .where(Place.contribution_id.in_(public)).group_by(Municipality.id).order_by(Municipality.position))
    return [(town, number) for town, number in rows]
