"""What is told of a ballot: its conditions, an example on three papers, a paper in words, another rule."""

import json
from collections import Counter

import pytest

from consult.methods import conditions, papers
from consult.methods.comparing import compared
from consult.methods.conditions import Numbers
from consult.methods.examples import example
from consult.methods.interface import Paper
from consult.methods.registry import METHODS
from consult.methods.sifting import Places, by_place
from tests.methods.build import named, rules

PLACES = Places(papers=Counter({1: 40, 2: 30, 3: 10, None: 5}),
                added={1: Counter({"A": 21, "B": 19}), 2: Counter({"A": 15}), 3: Counter({"A": 9}), None: Counter(A=1)})
NUMBERS = Numbers(electorate={1: 100, 2: 50, 3: 50, 4: 20}, places=PLACES, winners=["A"])


@pytest.mark.parametrize(("condition", "met", "said"), [
    ({"kind": "turnout", "percent": 38}, True, "Turnout was 38.6%; the threshold is 38%"),
    ({"kind": "turnout", "percent": 39}, False, "Turnout was 38.6%, too little; the threshold is 39%"),
    ({"kind": "turnout_places", "percent": 40, "places": 2}, True, "in 2 of 4 municipalities; the threshold is 2"),
    ({"kind": "papers", "number": 85}, True, "85 papers count; the threshold is 85"),
    ({"kind": "papers", "number": 86}, False, "85 papers count; the threshold is 86"),
    ({"kind": "papers_places", "number": 10, "places": 4}, False, "in 3 of 4 municipalities; the threshold is 4"),
    ({"kind": "votes", "number": 47}, False, "“A” has 46 votes; the threshold is 47"),
    ({"kind": "share", "percent": 54}, True, "46 of 85 votes (54.1%); it takes more than 54%"),
    ({"kind": "approved_places", "percent": 50, "places": 2}, True,
     "“A” is approved in 2 of 4 municipalities; the threshold is 2"),
    ({"kind": "approved_places", "percent": 50, "places": 3}, False,
     "“A” is approved in 2 of 4 municipalities; the threshold is 3"),
])
def test_conditions_are_measured_and_told_with_their_figures(condition, met, said):
    kept = json.loads(json.dumps([condition]))
    assert conditions.faults(kept, 4) == []
    [checked] = conditions.check(kept, NUMBERS, named)
    assert checked.met is met
    assert said in str(checked.said)
    assert conditions.standing([checked], ["A"]) == (("A",) if met else ())
    assert all(map(str, conditions.told(kept, 4)))


def test_of_yes_and_no_only_those_two_are_measured():
    these = rules("stances", codes="A")
    cast = [Paper(marks={"A": 1}, place=1, times=6), Paper(marks={"A": 0}, place=1, times=5),
            Paper(marks={"A": 2}, place=1, times=9), Paper(marks={"A": 0}, place=2, times=1)]
    numbers = Numbers(places=by_place(METHODS["stances"], these, cast), winners=["A"])
    approved = conditions.check([{"kind": "approved_places", "percent": 50, "places": 1}], numbers, named)
    assert [str(each.said) for each in approved] == ["“A” is approved in 1 of 2 municipalities; the threshold is 1."]


@pytest.mark.parametrize("wrong", [
    "text", {"kind": "weather"}, {"kind": "turnout"}, {"kind": "turnout", "percent": 0},
    {"kind": "turnout", "percent": True}, {"kind": "papers", "number": "many"},
    {"kind": "approved_places", "percent": 50, "places": 7}])
def test_a_condition_that_cannot_be_checked_is_refused(wrong):
    assert conditions.faults([wrong], 6)


@pytest.mark.parametrize("method", METHODS)
def test_an_example_on_three_papers_shows_what_a_rule_does(method):
    shown = example(method)
    assert not list(METHODS[method].parameter_faults(shown.rules))
    assert (shown.result.valid, shown.result.invalid, len(shown.said)) == (3, 0, 3)
    assert shown.result.winners
    for sentence in (*shown.because, *(line for paper in shown.said for line in paper),
                     *METHODS[method].choosing(shown.rules), *METHODS[method].counting(shown.rules)):
        assert str(sentence)
        assert "%(" not in str(sentence)


@pytest.mark.parametrize(("method", "marks", "said"), [
    ("approval", {"B": 1, "A": 1}, ["“A”; “B”"]), ("schulze", {"A": 2, "B": 1, "C": 2}, ["1. “B”", "2. “A”; “C”"]),
    ("stances", {"A": 2}, ["A: Abstained"]), ("points", {"B": 1, "A": 4}, ["A: 4 points", "B: 1 point"]),
    ("judgement", {"A": 5}, ["A: Excellent"]), ("score", {"C": 0}, ["C: 0"]), ("borda", {}, ["A blank paper."]),
])
def test_a_paper_in_words(method, marks, said):
    assert list(map(str, papers.said(METHODS[method], rules(method), marks, named))) == said


def test_the_same_papers_by_another_rule():
    """More put A first than any other, but most put B before A and before C."""
    orders = [({"A": 1, "B": 2, "C": 3}, 4), ({"B": 1, "C": 2, "A": 3}, 3), ({"C": 1, "B": 2, "A": 3}, 2)]
    found = compared(rules("schulze"), [Paper(marks=marks, times=times) for marks, times in orders])
    assert {each.method: each.winners for each in found} == {"runoff": ("B",), "borda": ("B",), "single": ("A",)}
    budget = rules("greedy", costs={"A": 46, "B": 44, "C": 30}, budget=90, parameters={"paper_budget": False})
    cast = [Paper(marks={"A": 1, "B": 1}, times=2), Paper(marks={"C": 1}), Paper(marks={"Z": 1})]
    [shares] = compared(budget, cast)
    assert (shares.method, set(shares.winners), shares.result.invalid) == ("equal_shares", {"B", "C"}, 0)


@pytest.mark.parametrize("method", METHODS)
def test_a_comparison_reads_every_valid_paper(method):
    shown = example(method)
    for other in compared(shown.rules, shown.papers):
        assert other.result.invalid == 0
        assert other.result.valid == 3
