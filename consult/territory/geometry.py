"""Where a point lies, and how a territory is drawn: degrees of longitude and latitude, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""
Ring = Sequence[Sequence[float]]
Polygons = Sequence[Sequence[Ring]]
"""Each polygon with its outer ring first, then its holes; rings end where they begin."""

DECIMALS = 5
"""A hundred-thousandth of a degree is about a metre."""
_NOTHING = 1e-12


def contains(polygons: Polygons, point: Point) -> bool:
    """Whether a point lies in one of the polygons and in none of its holes; the border belongs to them."""
    return any(_in_polygon(polygon, point) for polygon in polygons)


def _in_polygon(polygon: Sequence[Ring], point: Point) -> bool:
    if any(_on_ring(ring, point) for ring in polygon):
        return True
    return _within(polygon[0], point) and not any(_within(hole, point) for hole in polygon[1:])


def _within(ring: Ring, point: Point) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _on_ring(ring: Ring, point: Point) -> bool:
    x, y = point
    return any(
        abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) <= _NOTHING
        and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
        for (x1, y1), (x2, y2) in pairwise(ring))


def middle(polygons: Polygons) -> Point:
    """A point to stand for the polygons: the centre of gravity of the largest, or a corner where that lies outside."""
    areas = [_area_and_centre(polygon[0]) for polygon in polygons]
    area, centre = max(areas, key=lambda one: one[0])
    if area and contains(polygons, centre):
        return centre
    x, y = polygons[0][0][0][:2]
    return x, y


def _area_and_centre(ring: Ring) -> tuple[float, Point]:
    x0, y0 = ring[0][0], ring[0][1]  # near the ring, so that small differences do not drown in large numbers
    area = x = y = 0.0
    for first, second in pairwise(ring):
        (x1, y1), (x2, y2) = (first[0] - x0, first[1] - y0), (second[0] - x0, second[1] - y0)
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) <= _NOTHING:
        return 0.0, (x0, y0)
    return abs(area), (x0 + x / (3 * area), y0 + y / (3 * area))


@dataclass(frozen=True)
class Projection:
    """Degrees to the units of a drawing and back: equally long in both directions at the middle of the territory."""

    west: float
    north: float
    across: float
    """Units for a degree of longitude."""
    down: float
    """Units for a degree of latitude."""
    width: int
    height: int

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A point of the drawing."""
        return round((longitude - self.west) * self.across, 1), round((self.north - latitude) * self.down, 1)

    def path(self, polygons: Polygons) -> str:
        """Polygons as the data of an SVG path, to whole units: what lies closer together is one point."""
        return " ".join(self._ring(ring) for polygon in polygons for ring in polygon)

    def _ring(self, ring: Ring) -> str:
        corners = [(round(x), round(y)) for x, y in (self.place(*corner[:2]) for corner in ring[:-1])]
        kept = [corner for index, corner in enumerate(corners) if index == 0 or corner != corners[index - 1]]
        return "M" + "L".join(f"{x} {y}" for x, y in kept) + "Z"


def projection(shapes: Iterable[Polygons], *, width: int = 1000, margin: int = 20) -> Projection:
    """The projection that draws all of these shapes side by side, as wide as this. Raises ValueError for none."""
    corners = [corner for polygons in shapes for polygon in polygons for corner in polygon[0]]
    if not corners:
        raise ValueError("nothing to draw")
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    narrowing = cos(radians((south + north) / 2))
    across = (width - 2 * margin) / max(east - west, 10 ** -DECIMALS)
    down = across / narrowing
    return Projection(west - margin / across, north + margin / down, across, down, width,
                      round((north - south) * down + 2 * margin))
