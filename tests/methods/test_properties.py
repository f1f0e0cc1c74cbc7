"""What holds of every count, whatever is cast."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.methods import lots, sifting
from consult.methods.interface import Form, Paper, Titled
from consult.methods.registry import METHODS
from tests.methods.build import rules

MARKS = {Form.CHOICES: (1, 1), Form.STANCES: (0, 2), Form.SCORES: (0, 10), Form.GRADES: (0, 5), Form.RANKS: (1, 4),
         Form.POINTS: (1, 6), Form.CONSENT: (0, 2), Form.POLL: (1, 1)}
COSTS = {"A": 50, "B": 50, "C": 30, "D": 20}
GROUPS = {"A": "merger", "B": "merger", "C": "name", "D": "name"}


def cast(form):
    lowest, highest = MARKS[form]
    marks = st.dictionaries(st.sampled_from("ABCD"), st.integers(lowest, highest))
    return st.lists(st.builds(Paper, marks=marks, place=st.sampled_from([1, 2, None]), times=st.integers(1, 3)),
                    max_size=8)


def these(method, **values):
    budget = 100 if METHODS[method].needs_budget else None
    return rules(method, costs=COSTS, groups=GROUPS, budget=budget, **{"parameters": {"paper_budget": False}, **values})


def figures(result):
    return [(grid.code, line.label, list(map(str, line.values))) for grid in result.grids for line in grid.lines
            if isinstance(line.label, Titled)]


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_the_order_of_papers_does_not_matter(method, data):
    papers = data.draw(cast(METHODS[method].form))
    shuffled = data.draw(st.permutations(papers))
    apart = [Paper(marks=dict(reversed(paper.marks.items())), place=paper.place) for paper in shuffled
             for _ in range(paper.times)]
    counted, again = (METHODS[method].tally(these(method), each) for each in (papers, apart))
    for name in ("valid", "blank", "invalid", "winners", "order", "facts"):
        assert getattr(counted, name) == getattr(again, name)
    assert [(tie.among, tie.chosen, tie.dropped) for tie in counted.ties] == [
        (tie.among, tie.chosen, tie.dropped) for tie in again.ties]
    assert figures(counted) == figures(again)


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_another_seed_only_moves_ties(method, data):
    papers = data.draw(cast(METHODS[method].form))
    counted = METHODS[method].tally(these(method, seed="one"), papers)
    again = METHODS[method].tally(these(method, seed="two"), papers)
    drawn = [tie for tie in counted.ties if tie.decided_by is lots.BY_LOT]
    if not drawn and not any(tie.decided_by is lots.BY_LOT for tie in again.ties):
        assert (counted.winners, counted.facts) == (again.winners, again.facts)
    elif method not in {"runoff", "equal_shares"}:  # where what comes next hangs on who was drawn
        assert set(again.winners) <= set(drawn[0].among)
        assert counted.order == again.order


@pytest.mark.parametrize("method", ["greedy", "greedy_threshold", "equal_shares"])
@given(data=st.data(), budget=st.integers(1, 200), completion=st.sampled_from(["none", "greedy"]))
@settings(max_examples=40, deadline=None)
def test_what_is_funded_never_exceeds_the_budget(method, data, budget, completion):
    costs = data.draw(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 90), min_size=1))
    papers = data.draw(st.lists(st.builds(
        Paper, marks=st.dictionaries(st.sampled_from(sorted(costs)), st.just(1)), times=st.integers(1, 5))))
    rule = rules(method, costs=costs, budget=budget, parameters={"paper_budget": False, "completion": completion})
    result = METHODS[method].tally(rule, papers)
    spent = sum(costs[code] for code in result.winners)
    assert spent <= budget
    assert result.facts["left"] == budget - spent
    assert len(set(result.winners)) == len(result.winners)
    for payment in result.facts.get("payments", ()):  # what is bought is paid for, and by nobody more than the share
        assert payment["each"] <= result.facts["share"] * (1 + 1e-9)
        assert payment["each"] * payment["payers"] >= costs[payment["code"]] * (1 - 1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_the_sums_of_all_places_are_those_of_the_whole(method, data):
    papers = data.draw(cast(METHODS[method].form))
    places = sifting.by_place(METHODS[method], these(method), papers)
    whole = sifting.by_place(METHODS[method], these(method), [replace(paper, place=None) for paper in papers])
    assert places.papers.total() == METHODS[method].tally(these(method), papers).valid
    assert sum(places.added.values(), type(places.papers)()) == +whole.added.get(None, type(places.papers)())


def test_equal_rows_become_one_paper():
    rows = [('{"A":1}', 1, "online"), ('{"A":1}', 1, "online"), ('{"A":1}', 2, "paper"), ("{}", None, "online")]
    papers = list(sifting.gathered(rows))
    assert [(paper.marks, paper.place, paper.channel, paper.times) for paper in papers] == [
        ({"A": 1}, 1, "online", 2), ({"A": 1}, 2, "paper", 1), ({}, None, "online", 1)]
    assert papers[0].marks is papers[1].marks
