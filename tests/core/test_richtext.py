"""What participants type becomes HTML that is safe to show, whatever they type."""

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.core import richtext
from tests.payloads import XSS, dangers

PIECES = st.sampled_from([
    *XSS, "**", "_", "[", "](", ")", "<", ">", '"', "'", "`", "# ", "- ", "1. ", "> ", "\n", "\n\n", "http://",
    "www.a.example", "&#", "&lt;", "javascript:", "\x00", "\u202e", "</", "a.it", "à"])
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12).map("".join))


def elements(html):
    return [e for e in html5lib.parse(html, namespaceHTMLElements=False).find("body").iter() if e.tag != "body"]


@given(TEXTS)
@example("<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>")
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_only_harmless_elements_come_out(text):
    for render, tags in ((richtext.render, richtext.TAGS), (richtext.render_staff, richtext.STAFF_TAGS)):
        html = render.__wrapped__(text)
        assert dangers(html) == []
        for element in elements(html):
            assert element.tag in tags
            assert set(element.attrib) <= {"href", "title", "rel", "start"}


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_sanitizing_again_changes_nothing(text):
    html = richtext.render.__wrapped__(text)
    assert richtext.sanitize(html) == html


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_tidying_again_changes_nothing_and_leaves_no_controls(text):
    tidy = richtext.plain(text)
    assert richtext.plain(tidy) == tidy
    assert not {"\x00", "\r", "\u202e"} & set(tidy)


@given(TEXTS, st.integers(min_value=5, max_value=300))
@settings(max_examples=200, deadline=None)
def test_an_excerpt_is_one_line_that_fits(text, length):
    excerpt = richtext.excerpt(text, length)
    assert len(excerpt) <= length + 1
    assert "\n" not in excerpt


def test_an_excerpt_reads_on_over_the_points_of_a_list():
    typed = "Chiediamo:\n\n- **una panchina**\n- un cestino da 5 - 10 litri\n  + due lampioni"
    assert richtext.excerpt(typed) == "Chiediamo: una panchina un cestino da 5 - 10 litri due lampioni"


@pytest.mark.parametrize(("typed", "shown"), [
    ("Ciao", "<p>Ciao</p>\n"),
    ("una riga\nun'altra", "<p>una riga<br>\nun'altra</p>\n"),
    ("**forte** e *piano*", "<p><strong>forte</strong> e <em>piano</em></p>\n"),
    ("# Titolo", "<h3>Titolo</h3>\n"),
    ("- uno\n- due", "<ul>\n<li>uno</li>\n<li>due</li>\n</ul>\n"),
])
def test_markdown_becomes_html(typed, shown):
    assert richtext.render(typed) == shown


def test_links_are_not_endorsed():
    html = richtext.render("Vedi https://www.comune.bo.it/bando e [qui](https://a.example/).")
    links = [e for e in elements(html) if e.tag == "a"]
    assert [link.get("href") for link in links] == ["https://www.comune.bo.it/bando", "https://a.example/"]
    assert {link.get("rel") for link in links} == {"nofollow noopener ugc"}


def test_addresses_of_people_do_not_become_links():
    assert "<a" not in richtext.render("Scrivete a mario.rossi@example.org")


@pytest.mark.parametrize("payload", XSS)
def test_no_payload_runs(payload):
    assert dangers(richtext.render(payload)) == []
    assert dangers(richtext.render(f"Testo prima {payload} e dopo.")) == []


def test_a_long_text_is_rendered_in_a_moment():
    hostile = ["[" * 5000, "*" * 5000, "> " * 2000, "`" * 5001, "<" * 5000, "![](" * 1500, "a.b" * 2000, "_a" * 3000]
    for text in hostile:
        richtext.render.__wrapped__(text[:6000])
