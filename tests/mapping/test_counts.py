"""The statistics beside the same formulas in plain Python, one cell at a time."""

from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.mapping.counts import (
    Counts,
    agreeing,
    counts,
    disagreeing,
    informed,
    interval,
    priorities,
    representatives,
)
from consult.mapping.votes import Votes, table

cells = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 10))
boards = st.integers(1, 6).flatmap(lambda width: st.lists(
    st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=4))


def held(board) -> Counts:
    array = np.array(board)
    return Counts(array[..., 0], array[..., 1], array.sum(axis=2))


@given(boards)
@settings(max_examples=40, deadline=None)
def test_every_figure_of_a_side_follows_its_formula(board):
    by_group = held(board)
    for side, at in ((agreeing(by_group), 0), (disagreeing(by_group), 1)):
        for group, row in enumerate(board):
            for column, cell in enumerate(row):
                count, seen = cell[at], sum(cell)
                others = [other[column] for index, other in enumerate(board) if index != group]
                count_of_others, seen_of_others = sum(one[at] for one in others), sum(map(sum, others))
                share = (count + 1) / (seen + 2)
                inside, outside = (count + 1) / (seen + 1), (count_of_others + 1) / (seen_of_others + 1)
                pooled = (count + count_of_others + 2) / (seen + seen_of_others + 2)
                spread = sqrt(max(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (seen_of_others + 1)))
                assert side.share[group, column] == pytest.approx(share)
                assert side.test[group, column] == pytest.approx(2 * sqrt(seen + 1) * (inside - 0.5))
                assert side.ratio[group, column] == pytest.approx(
                    share / ((count_of_others + 1) / (seen_of_others + 2)))
                assert side.ratio_test[group, column] == pytest.approx(
                    (inside - outside) / spread if spread else 0, abs=1e-9)


@given(boards, st.lists(st.floats(0, 5), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_consensus_and_priorities_follow_their_formulas(board, far):
    by_group = held(board)
    found = informed(by_group.agree, by_group.seen)
    weights = priorities(by_group, np.array(far[:len(board[0])]), np.zeros(len(board[0]), dtype=bool))
    for column in range(len(board[0])):
        product = prod((row[column][0] + 1) / (sum(row[column]) + 2) for row in board)
        assert found.product[column] == pytest.approx(product)
        assert found.root[column] == pytest.approx(product ** (1 / len(board)))
        agree, _disagree, passed = (sum(row[column][at] for row in board) for at in range(3))
        seen = sum(sum(row[column]) for row in board)
        plain = ((1 - (passed + 1) / (seen + 2)) * (far[column] + 1) * (agree + 1) / (seen + 2)
                 * (1 + 8 * 2 ** (-seen / 5)))
        assert weights[column] == pytest.approx(plain**2)


@given(boards)
@settings(max_examples=40, deadline=None)
def test_what_marks_a_group_was_answered_by_enough_of_it(board):
    by_group = held(board)
    for group in range(len(board)):
        shown = representatives(by_group, group, least=5)
        assert len(shown) <= 5
        assert all(one.seen >= 5 for one in shown)
        assert [one.agrees for one in shown] == sorted((one.agrees for one in shown), reverse=True)
        assert bool(shown) is bool((by_group.seen[group] >= 5).any())


def test_counts_are_those_of_a_plain_loop():
    rng = np.random.default_rng(0)
    rows = {(int(rng.integers(30)), int(rng.integers(8))): int(rng.integers(-1, 2)) for _ in range(150)}
    board = table(Votes.of((*pair, value) for pair, value in rows.items()))
    group = {person: person % 4 - 1 for person in range(30)}
    found = counts(board.matrix, np.array([group[one] for one in board.participants.tolist()]), 3)
    for label in range(3):
        for column, statement in enumerate(board.statements.tolist()):
            given_ones = [value for (person, to), value in rows.items() if to == statement and group[person] == label]
            assert (found.agree[label, column], found.disagree[label, column], found.seen[label, column]) == (
                given_ones.count(1), given_ones.count(-1), len(given_ones))


def test_an_interval_is_wilsons():
    low, high = interval(7, 10)
    assert (float(low), float(high)) == pytest.approx((0.3968, 0.8922), abs=1e-4)
    assert [float(one) for one in interval(0, 0)] == [0, 1]
