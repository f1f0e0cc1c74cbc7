"""A territory of two squares side by side, and a call that asks where."""

import pytest

from consult.proposals.models import Asking
from consult.territory.services import take_in_boundaries


def square(west, south, side=0.1):
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


@pytest.fixture
def towns(make):
    """Ponente from 11.0 to 11.1, Levante from 11.1 to 11.2, both from 44.0 to 44.1."""
    west = make.municipality("Ponente", istat_code="037001")
    east = make.municipality("Levante", istat_code="037002")
    take_in_boundaries({"type": "FeatureCollection", "features": [
        {"properties": {"codice_istat": code}, "geometry": {"type": "Polygon", "coordinates": square(start, 44)}}
        for code, start in (("037001", 11), ("037002", 11.1))]})
    return west, east


@pytest.fixture
def call(make, towns):
    return make.call(asks_place=Asking.OPTIONAL)
