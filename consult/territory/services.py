"""Taking in the boundaries of the municipalities."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.territory.geometry import DECIMALS
from consult.territory.models import Boundary, Municipality

CODES = ("codice_istat", "istat_code", "PRO_COM_T", "PRO_COM", "pro_com_t", "pro_com", "com_istat_code", "ISTAT")
"""The names under which files of boundaries give the ISTAT code of a municipality."""
MOST_CORNERS = 500_000


class BoundariesError(ValueError):
    """A file of boundaries that cannot be taken in; says why."""


@dataclass(frozen=True, kw_only=True)
class BoundariesTakenIn(events.Event):
    municipality_ids: tuple[int, ...]


@dataclass(frozen=True)
class TakenIn:
    """What became of a file of boundaries."""

    drawn: list[Municipality]
    unknown: list[str]
    """Codes of the file that no municipality has."""
    missing: list[Municipality]
    """Municipalities that still have no boundary."""


def take_in_boundaries(geojson: Any) -> TakenIn:
    """Keep the boundaries of a GeoJSON FeatureCollection in degrees (WGS 84), in place of those kept before.

    Each feature names its municipality by the ISTAT code. Raises BoundariesError, and changes nothing, where a
    boundary is no polygon or lies nowhere, and where no feature is of a municipality that there is.
    """
    if not isinstance(geojson, dict) or geojson.get("type") != "FeatureCollection":
        raise BoundariesError("The file is no GeoJSON FeatureCollection.")
    municipalities = {one.istat_code: one for one in db.session.scalars(sa.select(Municipality))}
    found: dict[str, list[Any]] = {}
    features = geojson.get("features")
    for feature in features if isinstance(features, list) else []:
        code = _code(feature, set(municipalities))
        found[code] = found.get(code, []) + (_polygons(feature, code) if code in municipalities else [])
    known = [municipalities[code] for code in found if code in municipalities]
    if not known:
        raise BoundariesError("No feature has the ISTAT code of a municipality of this territory.")
    for one in known:
        db.session.merge(Boundary(municipality_id=one.id, polygons=found[one.istat_code]))
    db.session.flush()
    events.record(BoundariesTakenIn(actor_id=None, municipality_ids=tuple(one.id for one in known)))
    drawn = set(db.session.scalars(sa.select(Boundary.municipality_id)))
    return TakenIn(known, [code for code in found if code not in municipalities],
                   [one for one in municipalities.values() if one.id not in drawn])


def _code(feature: Any, known: set[str]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise BoundariesError("A feature of the file has no properties, so no ISTAT code.")
    for name in CODES:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value not in {"", 0}:
            code = str(value)
            return code if code in known else code.zfill(6)
    raise BoundariesError(f"A feature of the file has no ISTAT code: it should be one of {', '.join(CODES)}.")


def _polygons(feature: Any, code: str) -> list[Any]:
    shape = feature.get("geometry")
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BoundariesError(f"The boundary of {code} is no Polygon and no MultiPolygon.")
    polygons = [shape.get("coordinates")] if kind == "Polygon" else shape.get("coordinates")
    try:
        sound = [[_ring(ring, code) for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError, OverflowError) as fault:
        raise BoundariesError(str(fault) if isinstance(fault, BoundariesError) else
                              f"The boundary of {code} is not made of pairs of numbers.") from fault
    if not sound or not all(sound):
        raise BoundariesError(f"The boundary of {code} is empty.")
    if sum(len(ring) for polygon in sound for ring in polygon) > MOST_CORNERS:
        raise BoundariesError(f"The boundary of {code} has too many corners: simplify it.")
    return sound


def _ring(ring: Any, code: str) -> list[list[float]]:
    corners = [[round(float(corner[0]), DECIMALS), round(float(corner[1]), DECIMALS)] for corner in ring]
    if any(not (-180 <= x <= 180 and -90 <= y <= 90) for x, y in corners):
        raise BoundariesError(f"The boundary of {code} is not in degrees of longitude and latitude (WGS 84).")
    if corners and corners[0] != corners[-1]:
        corners.append(corners[0])
    if len(corners) < 4:
        raise BoundariesError(f"A ring of the boundary of {code} has less than three corners.")
    return corners
