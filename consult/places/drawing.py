"""The territory as it is drawn: outlines of the municipalities, marks on them, and where a point of it lies."""

from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

from consult.territory import geometry
from consult.territory.models import Municipality
from consult.territory.queries import Territory


@dataclass(frozen=True)
class Outline:
    """A municipality on the map."""

    municipality: Municipality
    path: str
    x: float
    y: float
    """Where its name stands."""

    @property
    def lines(self) -> list[str]:
        """Its name, a long one in several lines."""
        return wrap(self.municipality.name, 12, break_long_words=False, break_on_hyphens=False)


@dataclass(frozen=True)
class Drawing:
    """A map of the territory, without anything from outside. Raises ValueError where no boundary is known."""

    territory: Territory

    @cached_property
    def frame(self) -> geometry.Projection:
        """Its measures, and how degrees become units."""
        return self.territory.projection

    @cached_property
    def outlines(self) -> list[Outline]:
        """The municipalities in their order."""
        return [Outline(one.municipality, self.frame.path(one.polygons),
                        *self.frame.place(*geometry.middle(one.polygons))) for one in self.territory.boundaries]

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point stands on the map."""
        return self.frame.place(longitude, latitude)
