"""Weights meet the population, equal those of another implementation, and stay within their bounds."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from consult.weighting.raking import LEAST, MOST, EmptyCategoryError, NeverMetError, rake

CELLS = st.fixed_dictionaries({cell: st.integers(1, 30) for cell in product(range(3), range(2), range(2))})
MARGINS = st.tuples(*(st.fixed_dictionaries({category: st.integers(1, 400) for category in range(size)})
                      for size in (3, 2, 2)))


def sums(cells, weights, trait):
    found = Counter()
    for cell, number in cells.items():
        found[cell[trait]] += number * weights[cell]
    return found


@settings(max_examples=150, deadline=None)
@given(CELLS, MARGINS)
def test_weights_meet_the_margins(cells, margins):
    raked, people = rake(cells, margins, cut=False), sum(cells.values())
    for trait, margin in enumerate(margins):
        found = sums(cells, raked.weights, trait)
        for category, number in margin.items():
            assert found[category] / people == pytest.approx(number / sum(margin.values()), abs=1e-9)


def rake_people(people, margins, rounds=300):
    """The same on people one by one, in the plainest way."""
    weights = [1.0] * len(people)
    for _round in range(rounds):
        for trait, margin in enumerate(margins):
            scale = len(people) / sum(margin.values())
            for category, wanted in margin.items():
                mine = [at for at, person in enumerate(people) if person[trait] == category]
                now = sum(weights[at] for at in mine)
                for at in mine:
                    weights[at] *= wanted * scale / now
    return weights


@settings(max_examples=10, deadline=None)
@given(st.fixed_dictionaries({cell: st.integers(1, 6) for cell in product(range(2), range(2), range(2))}),
       st.tuples(*(st.fixed_dictionaries({0: st.integers(20, 80), 1: st.integers(20, 80)}) for _ in range(3))))
def test_weights_are_those_of_a_plain_implementation_on_people(cells, margins):
    people = [cell for cell, number in cells.items() for _ in range(number)]
    raked, plain = rake(cells, margins, cut=False), rake_people(people, margins)
    for person, weight in zip(people, plain, strict=True):
        assert raked.weights[person] == pytest.approx(weight, abs=1e-6)
    total = sum(plain)
    assert raked.effect == pytest.approx(len(plain) * sum(w * w for w in plain) / total ** 2, rel=1e-5)
    assert raked.effective == pytest.approx(total ** 2 / sum(w * w for w in plain), rel=1e-5)


@settings(max_examples=100, deadline=None)
@given(CELLS, MARGINS)
def test_cut_weights_stay_within_their_bounds_with_mean_one(cells, margins):
    raked, free = rake(cells, margins), rake(cells, margins, cut=False)
    people = sum(cells.values())
    assert all(LEAST - 1e-9 <= weight <= MOST + 1e-9 for weight in raked.weights.values())
    assert sum(number * raked.weights[cell] for cell, number in cells.items()) / people == pytest.approx(1, abs=1e-9)
    assert raked.trimmed == sum(number for cell, number in cells.items() if not LEAST <= free.weights[cell] <= MOST)
    assume(not raked.trimmed)
    assert raked.weights == free.weights
    assert raked.furthest < 1e-9


def test_a_category_without_anybody_is_named():
    with pytest.raises(EmptyCategoryError) as refused:
        rake({(1, 1): 5, (2, 1): 3}, [{1: 10, 2: 10, 3: 4}, {1: 24}])
    assert (refused.value.trait, refused.value.category) == (0, 3)


def test_a_category_without_population_asks_for_nobody():
    assert rake({(1,): 5}, [{1: 10, 2: 0}]).weights == {(1,): 1.0}


def test_margins_that_contradict_each_other_are_refused():
    with pytest.raises(NeverMetError):
        rake({(1, 1): 5, (2, 2): 5}, [{1: 10, 2: 90}, {1: 90, 2: 10}])
