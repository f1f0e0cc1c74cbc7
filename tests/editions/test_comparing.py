"""What differs between two editions, applied to the first, gives the second: whatever was added, moved or changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.editions.comparing import applied, compared
from consult.editions.snapshot import Node, as_json, from_json

VALUES = st.one_of(st.none(), st.integers(0, 9), st.text("ab c.", max_size=30),
                   st.dictionaries(st.sampled_from(["it", "en"]), st.text("xy ", max_size=5), max_size=2))
FIELDS = st.dictionaries(st.sampled_from(["title", "text", "cost", "target"]), VALUES, max_size=3)
DEPTHS = ("plan", "section", "paragraph")


@st.composite
def trees(draw):
    """A tree whose parts have numbers out of few: two of them have parts in common, in other places."""
    numbers = draw(st.permutations(range(1, 9)))
    sections = numbers[:draw(st.integers(0, 4))]
    paragraphs = draw(st.permutations(range(1, 11)))[:draw(st.integers(0, 10))]
    inside = [draw(st.sampled_from(sections)) for _one in paragraphs] if sections else []
    return Node("plan", 1, draw(FIELDS), tuple(
        Node("section", number, draw(FIELDS), tuple(
            Node("paragraph", one, draw(FIELDS)) for one, where in zip(paragraphs, inside, strict=False)
            if where == number)) for number in sections))


@settings(max_examples=150, deadline=None)
@given(trees(), trees())
def test_the_difference_applied_to_the_first_gives_the_second(one, other):
    difference = compared(one, other)
    assert applied(one, difference) == other
    assert difference.nothing == (one == other)


@given(trees())
def test_a_tree_is_read_as_it_was_kept(tree):
    assert from_json(as_json(tree)) == tree
    assert as_json(from_json(as_json(tree))) == as_json(tree)


def paragraph(number, text="Un testo."):
    return Node("paragraph", number, {"text": text})


def section(number, *parts):
    return Node("section", number, {"title": f"Sezione {number}"}, parts)


def plan(*sections):
    return Node("plan", 1, {"title": "Il piano"}, sections)


@pytest.mark.parametrize(("before", "after", "moved"), [
    ((1, 2, 3), (3, 1, 2), {"paragraph:3"}), ((1, 2, 3), (1, 2, 3), set()), ((1, 2), (1, 7, 2), set()),
    ((1, 2, 3, 4, 5), (1, 4, 2, 3, 5), {"paragraph:4"})])
def test_as_few_parts_as_explain_it_are_said_to_have_moved(before, after, moved):
    difference = compared(plan(section(1, *map(paragraph, before))), plan(section(1, *map(paragraph, after))))
    assert difference.moved.keys() == moved


def test_only_the_words_that_changed_are_said_to_have_changed():
    difference = compared(plan(section(1, paragraph(1, "Entro trenta giorni dalla domanda."))),
                          plan(section(1, paragraph(1, "Entro sessanta giorni dalla domanda."))))
    pieces = difference.changed["paragraph:1"]["text"].pieces
    marked = [(piece.mark, piece.text.strip()) for piece in pieces if piece.mark]
    assert marked == [("del", "trenta"), ("ins", "sessanta")]


def test_a_paragraph_that_goes_to_another_section_has_moved():
    one = plan(section(1, paragraph(1), paragraph(2)), section(2, paragraph(3)))
    other = plan(section(1, paragraph(2)), section(2, paragraph(1), paragraph(3)))
    difference = compared(one, other)
    assert (difference.moved.keys(), difference.added, difference.removed) == ({"paragraph:1"}, {}, frozenset())
    assert applied(one, difference) == other
