"""Where all places agree: the figures, and what they find on places that were made up."""

from math import comb

import numpy as np
import pytest

from consult.mapping.territory import AreaCounts, Label, Tails, found, shrunk, territorial


def places(shares, sizes, rng) -> AreaCounts:
    """Answers to one statement in places with these true shares of agreement and numbers of answers."""
    sizes = np.array(sizes)
    agree = rng.binomial(sizes, shares)[:, None]
    return AreaCounts(tuple(range(len(sizes))), (1,), agree, sizes[:, None] - agree, sizes[:, None])


def sixty(rng) -> np.ndarray:
    """Numbers of answers of 60 municipalities, half below 32, one in six below 10."""
    return np.maximum(rng.lognormal(np.log(32), 1.2, size=60), 1).astype(np.int64)


def test_where_seven_in_ten_agree_everywhere_all_agree():
    rng = np.random.default_rng(1)
    runs = [territorial(places(0.7, sixty(rng), rng))[0] for _ in range(100)]
    assert sum(min(run.shrunk.values()) > 0.5 for run in runs) >= 97
    assert sum(run.label is Label.CONSENSUS for run in runs) >= 95
    assert sum(bool(run.dissenting) for run in runs) <= 3
    assert np.median([run.share for run in runs]) == pytest.approx(0.7, abs=0.02)


def test_a_large_town_that_disagrees_is_found_among_fifty_nine():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(100):
        sizes = sixty(rng)
        sizes[7] = 200
        [run] = territorial(places(np.where(np.arange(60) == 7, 0.2, 0.7), sizes, rng))
        hits += run.dissenting == (7,) and run.label is Label.DIVIDED
    assert hits >= 90


def test_plain_and_mountain_stand_apart():
    rng = np.random.default_rng(3)
    [run] = territorial(places(np.repeat([0.85, 0.15], 10), [40] * 20, rng))
    assert run.label is Label.DIVIDED
    assert set(run.agreeing) <= set(range(10))
    assert set(run.dissenting) <= set(range(10, 20))
    assert len(run.dissenting) >= 8


def test_places_with_few_answers_have_no_say_and_half_must_have_one():
    four = np.array([[4], [4], [10], [10]])
    [run] = territorial(AreaCounts((1, 2, 3, 4), (9,), four, 0 * four, four), {1: 10, 2: 10, 3: 300, 4: 100})
    assert (run.eligible, run.areas, run.coverage, run.coverage_residents) == (2, 4, 1, 1)
    assert run.label is Label.CONSENSUS
    [run] = territorial(AreaCounts((1, 2, 3, 4, 5), (9,), np.vstack([four, [[0]]]), 0 * np.vstack([four, [[0]]]),
                                   np.vstack([four, [[0]]])))
    assert (run.eligible, run.label, run.weighted) == (2, None, None)
    [nobody] = territorial(AreaCounts((1,), (9,), np.zeros((1, 1), int), np.zeros((1, 1), int), np.zeros((1, 1), int)))
    assert (nobody.share, nobody.coverage, nobody.label) == (None, None, None)


def test_residents_weigh_the_mean():
    board = AreaCounts((1, 2), (9,), np.array([[90], [20]]), np.array([[10], [80]]), np.array([[100], [100]]))
    [run] = territorial(board, {1: 9_000, 2: 1_000})
    [turned] = territorial(board.turned(), {1: 9_000, 2: 1_000})
    assert run.share < run.weighted
    assert run.coverage_residents == pytest.approx(0.9)
    assert (run.dissenting, turned.dissenting) == ((2,), (1,))


def test_a_share_is_drawn_between_its_own_and_that_of_all():
    agree, seen = np.array([5, 30, 900]), np.array([5, 60, 1000])
    drawn, mean = shrunk(agree, seen), agree.sum() / seen.sum()
    for share, own in zip(drawn, agree / seen, strict=True):
        assert min(own, mean) <= share <= max(own, mean)
    assert shrunk(np.array([10, 10]), np.array([10, 10])).tolist() == [1, 1]


def test_chances_are_those_of_a_fair_coin():
    tails = Tails(60)
    for throws in (5, 17, 60):
        for heads in range((throws + 1) // 2):
            exact = sum(comb(throws, at) for at in range(heads + 1)) / 2**throws
            assert tails.at_most(np.array([heads]), np.array([throws]))[0] == pytest.approx(exact, rel=1e-9)
    assert tails.at_most(np.array([30]), np.array([60]))[0] == 1


def test_finds_are_those_of_benjamini_and_hochberg():
    chances = np.array([0.001, 0.2, 0.019, 0.04, 0.9])
    assert found(chances).tolist() == [True, False, True, True, False]
    assert not found(np.array([0.03, 0.9, 0.8, 0.7])).any()
    assert found(np.zeros(0)).tolist() == []
