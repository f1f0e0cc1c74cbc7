"""Papers are counted as anybody would by hand."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.voting.tally import Count, Paper, Rules, count, first, fund, ranking

COSTS = {"B01": 60, "B02": 30, "B03": 30, "B04": 0}


def rules(**values):
    return Rules(**{"minimum": 1, "maximum": 2, "costs": COSTS, **values})


def papers(*choices, place=1):
    return [Paper(choices=tuple(choice), place=place) for choice in choices]


def test_approvals_are_counted_in_all_and_by_place():
    counted = count(rules(), [*papers(["B01", "B02"], ["B02"], place=1), *papers(["B02"], ["B04"], place=None)])
    assert counted.approvals == {"B01": 1, "B02": 3, "B04": 1}
    assert counted.by_place == {1: {"B01": 1, "B02": 2}, None: {"B02": 1, "B04": 1}}
    assert counted.papers == {1: 2, None: 2}
    assert (counted.valid, counted.blank, counted.invalid) == (4, 0, 0)


def test_papers_that_break_the_rules_count_for_nothing():
    wrong = papers([], ["B01", "B02"], ["B09"], ["B02", "B02"], ["B01", "B02", "B03"])
    counted = count(rules(budget=80), [*papers(["B01"]), *wrong])
    assert (counted.approvals, counted.valid, counted.invalid) == ({"B01": 1}, 1, 5)


def test_blank_papers_count_as_papers_where_they_are_allowed():
    counted = count(rules(minimum=0), papers([], ["B01"], []))
    assert (counted.valid, counted.blank) == (3, 2)


def test_channels_are_told_apart():
    counted = count(rules(), [Paper(choices=("B01",), place=1, channel="paper", times=3), *papers(["B02"])])
    assert counted.channels == {"paper": 3, "online": 1}


@pytest.mark.parametrize(("approvals", "expected"), [
    ({"B01": 5, "B02": 4, "B03": 3, "B04": 2}, ["B01", "B02", "B03", "B04"]),
    ({"B01": 5, "B02": 5}, ["B02", "B01", "B04", "B03"]),  # the cheaper first
    ({"B03": 5, "B02": 5}, ["B02", "B03", "B04", "B01"]),  # the same cost: by code
    ({}, ["B04", "B02", "B03", "B01"]),
])
def test_options_are_ranked_by_votes_then_cost_then_code(approvals, expected):
    assert ranking(rules(), approvals) == expected


@pytest.mark.parametrize(("budget", "approvals", "funded", "left", "ties"), [
    (100, {"B01": 9, "B02": 5, "B03": 4, "B04": 1}, ("B01", "B02", "B04"), 10, ()),
    (100, {"B01": 9, "B02": 5, "B03": 5}, ("B01", "B02"), 10, (("B02", "B03"),)),  # equal votes and cost: by code
    (60, {"B01": 7, "B02": 7}, ("B02",), 30, (("B02", "B01"),)),  # equal votes: the cheaper
    (20, {"B01": 7, "B02": 7}, (), 20, ()),
    (200, {"B01": 7, "B02": 0}, ("B01",), 140, ()),  # what nobody chose is not funded
    (30, {"B01": 9, "B02": 5}, ("B02",), 0, ()),  # what does not fit is passed over
    (10, {"B04": 3, "B02": 3}, ("B04",), 10, ()),  # a tie that decided nothing: the loser never fitted
])
def test_a_budget_is_spent_from_the_top(budget, approvals, funded, left, ties):
    result = fund(rules(budget=budget), approvals)
    assert (result.funded, result.left, result.ties) == (funded, left, ties)


@pytest.mark.parametrize(("approvals", "expected"), [
    ({"B01": 2, "B02": 3}, ["B02"]), ({"B02": 3, "B01": 3, "B03": 1}, ["B01", "B02"]), ({"B01": 0}, []), ({}, []),
])
def test_who_came_first(approvals, expected):
    assert first(approvals) == expected


@given(st.lists(st.tuples(st.sets(st.sampled_from(sorted(COSTS))), st.sampled_from([1, 2, None])), max_size=30),
       st.integers(0, 2), st.integers(2, 4), st.one_of(st.none(), st.integers(0, 130)))
def test_counting_equals_counting_each_option_by_itself(cast, minimum, maximum, budget):
    these = rules(minimum=minimum, maximum=maximum, budget=budget)
    counted = count(these, [Paper(choices=tuple(sorted(choices)), place=place) for choices, place in cast])
    valid = [(choices, place) for choices, place in cast if minimum <= len(choices) <= maximum
             and (budget is None or sum(COSTS[code] for code in choices) <= budget)]
    assert counted.valid == len(valid)
    assert counted.invalid == len(cast) - len(valid)
    for code in COSTS:
        assert counted.approvals[code] == sum(code in choices for choices, _place in valid)
        for where in (1, 2, None):
            here = counted.by_place.get(where, Counter())
            assert here[code] == sum(code in choices and place == where for choices, place in valid)


@given(st.dictionaries(st.sampled_from(sorted(COSTS)), st.integers(0, 3)), st.integers(0, 130))
def test_what_is_funded_is_the_first_set_in_the_order_of_votes_that_the_budget_pays_for(approvals, budget):
    """Brute force: of all sets within the budget, the greatest when compared option by option from the top."""
    these = rules(budget=budget)
    wanted = [code for code in ranking(these, approvals) if approvals.get(code)]
    affordable = [set(some) for size in range(len(wanted) + 1) for some in combinations(wanted, size)
                  if sum(COSTS[code] for code in some) <= budget]
    best = max(affordable, key=lambda some: [code in some for code in wanted])
    result = fund(these, approvals)
    assert set(result.funded) == best
    assert result.left == budget - sum(COSTS[code] for code in best)


def test_nothing_cast_is_an_empty_count():
    assert count(rules(), []) == Count()
