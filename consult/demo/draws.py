"""Drawing answers and papers at random so that their sums are exactly those published."""

import random
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number for each weight, as near to proportional as can be, summing to the total."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    for index in sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])[:total - sum(parts)]:
        parts[index] += 1
    return parts


def deck(counts: Sequence[int], rng: random.Random) -> list[int]:
    """Positions shuffled, each as often as its count says."""
    cards = [position for position, count in enumerate(counts) for _ in range(count)]
    rng.shuffle(cards)
    return cards


def deal(counts: Sequence[int], leanings: Sequence[float], rng: random.Random) -> list[int]:
    """Positions, each as often as its count says, dealt one to each leaning: the higher it is, the later one tends
    to come."""
    rows = sorted(range(len(leanings)), key=lambda row: leanings[row] + rng.gauss(0, 1))
    cards = [position for position, count in enumerate(counts) for _ in range(count)]
    dealt = [0] * len(rows)
    for row, card in zip(rows, cards, strict=True):
        dealt[row] = card
    return dealt


def steps(total: int, low: int, high: int, mean: float) -> list[int]:
    """How many of `total` answers fall on each step of a scale so that they average the mean, most near to it."""
    values = range(low, high + 1)
    lowest, highest = -3.0, 3.0
    for _ in range(60):  # the tilt at which the weighted steps average the mean, by halving
        tilt = (lowest + highest) / 2
        weights = [2.718281828 ** (tilt * (value - mean) - 0.18 * (value - mean) ** 2) for value in values]
        average = sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)
        lowest, highest = (tilt, highest) if average < mean else (lowest, tilt)
    return shares(total, weights)


def choices(
    count: int, totals: Sequence[int], rng: random.Random, *,
    fits: Callable[[set[int]], bool], leaning: Callable[[int, int], float] = lambda _paper, _option: 1.0,
) -> list[set[int]]:
    """`count` sets of options, each one that `fits`, in which every option appears as often as its total says.

    `leaning` weighs an option for a paper. Raises ValueError where no such sets can be found.
    """
    made = [_one(paper, [total / count for total in totals], rng, fits, leaning) for paper in range(count)]
    for option, total in enumerate(totals):
        _mend(made, option, total, rng, fits)
    return made


def _one(paper: int, odds: Sequence[float], rng: random.Random, fits: Callable[[set[int]], bool],
         leaning: Callable[[int, int], float]) -> set[int]:
    for _ in range(40):
        drawn = {option for option, odd in enumerate(odds) if rng.random() < odd * leaning(paper, option)}
        if fits(drawn):
            return drawn
    return {_weighted(odds, rng)}


def _weighted(weights: Sequence[float], rng: random.Random) -> int:
    reached = list(accumulate(weights))
    return min(bisect(reached, rng.random() * reached[-1]), len(reached) - 1)


def _mend(made: list[set[int]], option: int, total: int, rng: random.Random,
          fits: Callable[[set[int]], bool]) -> None:
    """Add an option to papers, or take it from some, until it appears as often as it should."""
    missing = total - sum(option in paper for paper in made)
    order = list(range(len(made)))
    rng.shuffle(order)
    for position in order:
        if missing == 0:
            return
        changed = made[position] ^ {option}
        if (option in changed) == (missing > 0) and fits(changed):
            made[position] = changed
            missing += -1 if missing > 0 else 1
    if missing:
        raise ValueError(f"option {option} cannot reach {total}")
