"""Boundaries are taken in whole or not at all."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.core.db import db
from consult.territory import queries
from consult.territory.models import Boundary
from consult.territory.services import BoundariesError, take_in_boundaries

DEMO = Path(__file__).resolve().parents[2] / "consult" / "demo" / "unione_rovano.geojson"


def square(west, south, side=0.1):
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(code, coordinates=None, kind="Polygon", name="codice_istat"):
    return {"type": "Feature", "properties": {name: code},
            "geometry": {"type": kind, "coordinates": square(11, 44) if coordinates is None else coordinates}}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def kept():
    return {row.municipality_id: row.polygons for row in db.session.scalars(sa.select(Boundary))}


def test_boundaries_are_kept_and_replaced(make):
    town = make.municipality(istat_code="037001")
    other = make.municipality(istat_code="037002")
    done = take_in_boundaries(collection(feature("037001"), feature("999999")))
    assert ([one.id for one in done.drawn], done.unknown, [one.id for one in done.missing]) == (
        [town.id], ["999999"], [other.id])
    take_in_boundaries(collection(feature("037001", square(12, 45))))
    assert kept() == {town.id: [square(12, 45)]}
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "BoundariesTakenIn")).all()
    assert len(entries) == 2


@pytest.mark.parametrize(("name", "code"), [("PRO_COM", 37001), ("PRO_COM_T", "037001"), ("istat_code", "37001")])
def test_the_code_is_found_under_the_names_that_files_use(make, name, code):
    town = make.municipality(istat_code="037001")
    take_in_boundaries(collection(feature(code, name=name)))
    assert list(kept()) == [town.id]


def test_several_features_and_several_parts_make_one_boundary(make):
    town = make.municipality(istat_code="037001")
    take_in_boundaries(collection(feature("037001", [square(11, 44), square(12, 44)], "MultiPolygon"),
                                  feature("037001", square(13, 44))))
    assert len(kept()[town.id]) == 3


@pytest.mark.parametrize("wrong", [
    None, [], {}, "x", {"type": "FeatureCollection"}, collection(), collection(None), collection({"properties": None}),
    collection({"properties": {}}), collection(feature("")), collection(feature("999999")),
    collection({"properties": {"codice_istat": "037001"}}), collection(feature("037001", kind="Point")),
    collection(feature("037001", [])), collection(feature("037001", [[]])), collection(feature("037001", [[[1, 2]]])),
    collection(feature("037001", [[["a", "b"]] * 4])), collection(feature("037001", [[[11]] * 4])),
    collection(feature("037001", [[[700000, 4900000]] * 5])), collection(feature("037001", 7)),
    collection(feature("037001", [[[11, 91]] * 5])), collection(feature("037001", [[[float("nan"), 44]] * 5])),
    collection(feature("037001"), feature("037001", "x"))])
def test_a_file_that_cannot_be_used_changes_nothing(make, wrong):
    make.municipality(istat_code="037001")
    with pytest.raises(BoundariesError, match=r"\.$"):
        take_in_boundaries(wrong)
    assert kept() == {}


def test_a_point_on_the_border_of_two_belongs_to_the_first(make):
    west = make.municipality(istat_code="037001")
    east = make.municipality(istat_code="037002")
    take_in_boundaries(collection(feature("037002", square(11.1, 44)), feature("037001", square(11, 44))))
    territory = queries.territory(west.authority_id)
    assert territory.municipality_at(44.05, 11.1) == west
    assert territory.municipality_at(44.05, 11.10001) == east
    assert territory.municipality_at(44.05, 11.2) == east
    assert territory.municipality_at(44.05, 11.20001) is None


def test_a_territory_without_boundaries_is_none(make):
    assert not queries.territory(make.authority().id)


def test_the_command_takes_in_the_demonstration(app, make):
    for number in range(1, 7):
        make.municipality(f"Paese {number}", istat_code=f"99900{number}")
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["territory", "boundaries", str(DEMO)])
    assert done.exit_code == 0, done.output
    assert "Taken in: Paese 1, Paese 2" in done.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Boundary)) == 6


@pytest.mark.parametrize(("content", "said"), [
    (b"{", "The file is no JSON."), (b"\xff\xfe", "The file is no JSON."),
    (json.dumps(collection()).encode(), "No feature has the ISTAT code"), (b"[" * 100_000, "The file is no JSON.")])
def test_the_command_says_what_is_wrong(app, make, tmp_path, content, said):
    make.municipality()
    db.session.commit()
    file = tmp_path / "comuni.geojson"
    file.write_bytes(content)
    done = app.test_cli_runner().invoke(args=["territory", "boundaries", str(file)])
    assert done.exit_code == 1
    assert said in done.output


def test_a_file_that_is_not_there_is_a_usage_error(app):
    done = app.test_cli_runner().invoke(args=["territory", "boundaries", "nowhere.geojson"])
    assert done.exit_code == 2


