"""Age bands as people write them, and where they coincide."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis import bands
from consult.analysis.bands import OLDEST


@pytest.mark.parametrize(("written", "ages"), [
    ("16-24", (16, 24)), ("25–34 anni", (25, 34)), ("da 35 a 49", (35, 49)), ("65 e oltre", (65, OLDEST)),
    ("75+", (75, OLDEST)), ("fino a 17 anni", (0, 17)), ("meno di 18", (0, 17)), ("over 65", (65, OLDEST)),
    ("unter 18", (0, 17)), ("18 anni", (18, 18)), ("18", (18, 18)), ("nato nel 1990", None), ("1980-1990", None),
    ("Preferisco non dirlo", None), ("49-35", None), ("", None)])
def test_labels_are_read_as_ages(written, ages):
    assert bands.ages(written) == ages


def test_bands_are_put_together_only_where_they_coincide():
    there = ["0-13", "14-15", "16-17", "18-24", "25-34", "35-44", "45-54", "75+", "55-64", "65-74"]
    assert bands.filling((16, 24), there) == ["16-17", "18-24"]
    assert bands.filling((65, OLDEST), there) == ["65-74", "75+"]
    assert bands.filling((35, 49), there) is None
    assert bands.filling((17, 24), there) is None
    assert bands.filling((65, 80), there) is None


@given(st.sets(st.integers(1, 100), min_size=2, max_size=12), st.data())
def test_a_sum_of_bands_covers_its_ages_once(cuts, data):
    edges = [0, *sorted(cuts)]
    there = [f"{first}-{last - 1}" for first, last in itertools.pairwise(edges)]
    low, high = data.draw(st.integers(0, 99)), data.draw(st.integers(0, 100))
    found = bands.filling((low, high), there)
    covered = [age for band in found or [] for first, last in [bands.ages(band)] for age in range(first, last + 1)]
    assert covered == list(range(low, high + 1)) if found else low not in edges or high + 1 not in edges or low > high


def test_bands_that_share_an_age_are_found():
    assert bands.overlapping(["0-13", "13-15", "16+"]) == ("0-13", "13-15")
    assert bands.overlapping(["0-13", "14-15", "16+"]) is None
