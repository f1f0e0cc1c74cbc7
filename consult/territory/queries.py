"""The municipalities and where they lie."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.territory import geometry
from consult.territory.models import Boundary, Municipality


@dataclass(frozen=True)
class Territory:
    """The municipalities of an authority whose boundaries are known, as they are drawn."""

    boundaries: tuple[Boundary, ...]

    def __bool__(self) -> bool:
        return bool(self.boundaries)

    @property
    def projection(self) -> geometry.Projection:
        """How it is drawn. Raises ValueError where no boundary is known."""
        return geometry.projection(boundary.polygons for boundary in self.boundaries)

    def municipality_at(self, latitude: float, longitude: float) -> Municipality | None:
        """In which municipality a point lies, of two that share it the first; None outside all of them."""
        return next((boundary.municipality for boundary in self.boundaries
                     if geometry.contains(boundary.polygons, (longitude, latitude))), None)


def territory(authority_id: int) -> Territory:
    """The territory of an authority, in one query."""
    rows = (sa.select(Boundary).join(Boundary.municipality).where(Municipality.authority_id == authority_id)
            .options(joinedload(Boundary.municipality)).order_by(Municipality.position, Municipality.id))
    return Territory(tuple(db.session.scalars(rows)))
