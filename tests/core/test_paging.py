"""A page begins where the last one ended; a cursor somebody made up begins anew."""

import base64
import json

import pytest
import sqlalchemy as sa

from consult.core import paging
from consult.territory.models import Municipality

ORDER = (paging.Order(Municipality.population, descending=True), paging.Order(Municipality.id))


def names(after=None, size=2):
    found = paging.page(sa.select(Municipality), ORDER, after=after, size=size)
    return [m.name for m in found.items], found.next


def test_pages_follow_one_another_without_gaps_or_doubles(make):
    for name, people in [("A", 5), ("B", 9), ("C", 5), ("D", 7), ("E", 5)]:
        make.municipality(name, population=people)
    first, cursor = names()
    second, further = names(cursor)
    third, end = names(further)
    assert first + second + third == ["B", "D", "A", "C", "E"]
    assert end is None


@pytest.mark.parametrize("values", [
    ["text", 1], [1, "text"], [True, 1], [1], [1, 2, 3], [None, 1], [2**40, 1], [1.5, 1], [[1], 1], [{"t": "now"}, 1],
    [{"t": "2026-01-01T00:00:00"}, 1], [{"t": "2026-01-01T00:00:00+00:00"}, 1], {"a": 1}, 7, "ab", None,
])
def test_a_cursor_that_does_not_fit_begins_anew(make, values):
    make.municipality("A")
    made_up = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    assert names(made_up) == (["A"], None)


@pytest.mark.parametrize("text", ["x", "!!!!", "é", "\x00", "A" * 5000, "W10", "bnVsbA"])
def test_a_cursor_that_cannot_be_read_begins_anew(make, text):
    make.municipality("A")
    assert names(text) == (["A"], None)


def test_a_cursor_can_be_made_for_a_place_in_the_list(make):
    a, b = make.municipality("A", population=3), make.municipality("B", population=3)
    assert names(paging.cursor(3, a.id)) == (["B"], None)
    assert names(paging.cursor(3, b.id)) == ([], None)
