"""A page has places that features above fill without the page knowing them."""

from collections import defaultdict

import pytest
from flask import g, render_template_string

from consult.core import pages


@pytest.fixture(autouse=True)
def nothing_placed(monkeypatch):
    monkeypatch.setattr(pages, "_slots", defaultdict(list))
    monkeypatch.setattr(pages, "_prefetches", defaultdict(list))


def test_what_features_place_is_shown_in_the_order_of_their_positions(app):
    pages.slot("thing.aside", position=60)(lambda thing: f"<p>second {thing}</p>")
    pages.slot("thing.aside", position=20)(lambda thing: f"<p>first {thing}</p>")
    assert render_template_string("{{ slot('thing.aside', 7) }}") == "<p>first 7</p><p>second 7</p>"


def test_a_place_that_nobody_fills_is_empty(app):
    assert render_template_string("{% if slot('thing.below', 7) %}filled{% else %}empty{% endif %}") == "empty"
    assert "thing.below" not in pages._slots


def test_a_list_lets_features_fetch_for_all_its_things_at_once(app):
    @pages.before_list("thing")
    def names(things):
        g.names = {thing: f"n{thing}" for thing in things}

    pages.slot("thing.list_item")(lambda thing: g.names[thing])
    pages.prepare("thing", [1, 2])
    assert [pages.filled("thing.list_item", thing) for thing in (1, 2)] == ["n1", "n2"]
