"""Where a point lies, also where it lies on a border."""

import json
import random
from pathlib import Path

import pytest

from consult.territory.geometry import contains, middle, projection

DEMO = Path(__file__).resolve().parents[2] / "consult" / "demo" / "unione_rovano.geojson"
SQUARE = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]
HOLE = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
C_SHAPE = [[[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [4, 3], [4, 4], [0, 4], [0, 0]]]


@pytest.mark.parametrize(("point", "inside"), [
    ((2, 2), True), ((0.00001, 2), True), ((-0.00001, 2), False), ((5, 2), False), ((2, 5), False), ((2, -1), False),
    ((0, 0), True), ((4, 4), True), ((4, 0), True), ((0, 2), True), ((4, 2), True), ((2, 0), True), ((2, 4), True),
    ((-1, 0), False), ((5, 4), False), ((-1, 4), False), ((5, 0), False)])
def test_a_square_holds_its_inside_its_sides_and_its_corners(point, inside):
    assert contains([SQUARE], point) is inside


@pytest.mark.parametrize(("point", "inside"), [
    ((2, 2), False), ((0.5, 2), True), ((1, 2), True), ((3, 3), True), ((1.00001, 2), False)])
def test_a_hole_belongs_to_nobody_but_its_border_does(point, inside):
    assert contains([[*SQUARE, HOLE]], point) is inside


@pytest.mark.parametrize(("point", "inside"), [
    ((0.5, 2), True), ((2, 2), False), ((3.9, 0.5), True), ((3.9, 3.5), True), ((1, 1), True), ((2, 1), True),
    ((5, 1), False), ((-1, 1), False), ((-1, 3), False)])
def test_rays_through_corners_count_once(point, inside):
    assert contains([C_SHAPE], point) is inside


def test_of_several_parts_each_counts():
    far = [[[10, 10], [12, 10], [11, 12], [10, 10]]]
    assert contains([SQUARE, far], (11, 11))
    assert not contains([SQUARE, far], (7, 7))


def test_a_slanted_side_holds_the_points_on_it():
    triangle = [[[0, 0], [3, 1], [0, 2], [0, 0]]]
    assert contains([triangle], (1.5, 0.5))
    assert not contains([triangle], (1.5, 0.49999))


def test_each_point_of_the_demonstration_lies_in_one_municipality_or_on_the_border_of_two():
    features = json.loads(DEMO.read_text())["features"]
    shapes = [[feature["geometry"]["coordinates"]] for feature in features]
    chance = random.Random(4)  # noqa: S311 - points of a test
    frame = projection(shapes)
    found = [0, 0, 0]
    for _ in range(1500):
        point = (round(chance.uniform(11.40, 11.75), 5), round(chance.uniform(44.02, 44.34), 5))
        found[min(2, sum(contains(shape, point) for shape in shapes))] += 1
        x, y = frame.place(*point)
        assert abs(frame.west + x / frame.across - point[0]) < 0.0002
        assert abs(frame.north - y / frame.down - point[1]) < 0.0002
    assert found[0] > 100
    assert found[1] > 500
    assert found[2] <= 2  # only the border itself belongs to two
    for shape in shapes:
        assert contains(shape, middle(shape))
        for corner in shape[0][0]:
            assert contains(shape, tuple(corner))


def test_the_middle_of_a_bent_shape_lies_within_it():
    assert contains([C_SHAPE], middle([C_SHAPE]))


def test_a_drawing_is_as_long_as_wide_where_the_land_is():
    degree = [[[11, 44], [11.1, 44], [11.1, 44.0719], [11, 44.0719], [11, 44]]]  # eight kilometres each way
    frame = projection([[degree]])
    assert frame.width == 1000
    assert abs(frame.height - 1000) < 5
    path = frame.path([degree])
    assert path.startswith("M20 ")
    assert path.endswith("Z")
    assert "." not in path


def test_nothing_cannot_be_drawn():
    with pytest.raises(ValueError, match="nothing to draw"):
        projection([])
