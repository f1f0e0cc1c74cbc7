"""Comparing texts word by word, and bringing two changes together."""

import re
import time

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core import diff, richtext

WORDS = st.lists(st.sampled_from(["panchina", "all'ombra", "di", "di", "la", ",", ".", " ", " ", "\n", "\n\n", "**",
                                  "- ", "<b>", "&amp;", "1.500", "è", "  "]), max_size=30).map("".join)


@given(WORDS, WORDS)
@settings(max_examples=300, deadline=None)
def test_the_pieces_hold_both_texts_whole(before, after):
    found = diff.pieces(before, after)
    assert "".join(piece.text for piece in found if piece.mark != "ins") == before
    assert "".join(piece.text for piece in found if piece.mark != "del") == after


@given(WORDS, WORDS)
@settings(max_examples=150, deadline=None)
def test_the_readable_comparison_holds_the_later_text_whole_and_is_well_formed(before, after):
    html = diff.readable(richtext.render(before), richtext.render(after))
    later = re.sub(r"<del>.*?</del>", "", html, flags=re.DOTALL)
    later = re.sub(r'<span class="visually-hidden">.*?</span>|</?ins>', "", later)
    words = re.sub(r"<[^>]*>", " ", later.replace("<p></p>", "")).split()
    assert words == re.sub(r"<[^>]*>", " ", richtext.render(after)).split()
    html5lib.HTMLParser(strict=False).parseFragment(html)
    assert html.count("<ins>") == html.count("</ins>")
    assert richtext.sanitize(html, tags=richtext.TAGS | {"ins", "del"}) == re.sub(r"</?span[^>]*>", "", html)


@given(WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_a_change_alone_is_what_it_was_whoever_made_it(base, changed):
    assert diff.merged(base, changed, base) == changed
    assert diff.merged(base, base, changed) == changed
    assert diff.merged(base, changed, changed) == changed


@given(WORDS, WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_it_does_not_matter_whose_change_comes_first(base, one, other):
    assert diff.merged(base, one, other) == diff.merged(base, other, one)


@pytest.mark.parametrize(("base", "one", "other", "both"), [
    ("Una panchina al parco.", "Due panchine al parco.", "Una panchina al parco Verdi.",
     "Due panchine al parco Verdi."),
    ("Primo.\n\nSecondo.\n\nTerzo.", "Primo.\n\nTerzo.", "Primo.\n\nSecondo.\n\nTerzo, e poi quarto.",
     "Primo.\n\nTerzo, e poi quarto."),
    ("Una panchina al parco.", "Due panchine al parco.", "Tre panchine al parco.", None),
    ("Alle nove.", "Alle nove di sera.", "Alle nove del mattino.", None),
    ("Alle nove.", "Alle dieci.", "Alle dieci.", "Alle dieci."),
])
def test_two_changes_go_together_where_they_touch_different_words(base, one, other, both):
    assert diff.merged(base, one, other) == both


def test_only_the_words_that_changed_are_marked():
    found = [(piece.mark, piece.text) for piece in diff.pieces(
        "Chiediamo una panchina al sole, presto.", "Chiediamo due panchine al sole, molto presto.")]
    assert found == [("", "Chiediamo "), ("del", "una panchina"), ("ins", "due panchine"), ("", " al sole,"),
                     ("ins", " molto"), ("", " presto.")]


def test_what_was_typed_is_never_markup(app):
    with app.test_request_context():
        nasty = "<script>alert(1)</script> <ins>"
        assert "<script" not in diff.source(nasty, nasty + " x")
        assert "<ins>" in diff.source("a", "a b")
        html = diff.readable(richtext.render("ciao"), richtext.render(nasty))
        assert "<script" not in html
        assert "Aggiunto:" in html


def test_a_removed_point_of_a_list_is_shown_in_the_list(app):
    with app.test_request_context():
        html = diff.readable(richtext.render("- uno\n- due\n- tre"), richtext.render("- uno\n- tre"))
    assert re.search(r"<li><del>.*due.*</del></li>", html, re.DOTALL)


@pytest.mark.parametrize(("before", "after"), [
    (" ".join(f"parola{n % 700}" for n in range(3300)), " ".join(f"parola{n % 701}" for n in range(3300))),
    ("a " * 15_000, "a " * 14_000 + "b " * 900),
    ("a b " * 7_500, "b a " * 7_500),
    (".," * 15_000, ",." * 14_000),
    ("\n" * 15_000, "\nb" * 14_000),
    (" ".join(f"w{n * n % 97}" for n in range(9000)), " ".join(f"w{n * n * n % 97}" for n in range(9000))),
])
def test_thirty_thousand_characters_are_compared_at_once(before, after):
    since = time.process_time()
    diff.pieces(before, after)
    assert time.process_time() - since < 3
