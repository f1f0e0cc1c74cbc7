"""Raking: weights for cells of people so that their sums meet the population, one trait at a time.

Iterative proportional fitting (Deming and Stephan, 1940): the weights are multiplied by what is wanted of a category
over what they now add up to, trait by trait, until all are met. It works on cells, that is on combinations of
categories with how many people are in each, so that its cost does not grow with the people.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

Cell = tuple[int, ...]
"""A category of each trait."""

CLOSE_ENOUGH = 1e-10
MOST_ROUNDS = 2000
LEAST, MOST = 1 / 5, 5.0
"""Bounds of a weight, as multiples of the mean: nobody counts for more than 25 times as much as anybody else."""


class EmptyCategoryError(ValueError):
    """People of the population are in a category in which nobody answered: `trait` by position, `category`."""

    def __init__(self, trait: int, category: int) -> None:
        super().__init__(f"nobody in category {category} of trait {trait}")
        self.trait, self.category = trait, category


class NeverMetError(ValueError):
    """The margins cannot all be met with the combinations that answered."""


@dataclass(frozen=True)
class Raked:
    """A weight for each cell, with mean 1 over the people."""

    weights: Mapping[Cell, float]
    people: int
    effect: float
    """The design effect n·Σw²/(Σw)² (Kish): how many times more people it takes than without weights."""
    trimmed: int
    """How many people's weights were cut to the bounds."""
    furthest: float
    """By how much, at most, the share of a category differs from that of the population after cutting."""

    @property
    def effective(self) -> float:
        """As many people as this would say as much without weights."""
        return self.people / self.effect


def rake(cells: Mapping[Cell, int], margins: Sequence[Mapping[int, float]], *, cut: bool = True) -> Raked:
    """Weights with which the people in cells have the shares of the population in each trait.

    `margins` are how many of the population are in each category, for each trait; every category of a cell must be
    among them with more than nobody. Without `cut` weights are not bounded, and margins met to 1e-9. Raises
    EmptyCategoryError and NeverMetError.
    """
    people = sum(cells.values())
    filled = {cell: number for cell, number in cells.items() if number}
    targets = [_targets(margin, people) for margin in margins]
    for trait, target in enumerate(targets):
        present = {cell[trait] for cell in filled}
        for category in target:
            if category not in present:
                raise EmptyCategoryError(trait, category)
    weights = _fitted(filled, targets)
    trimmed = 0
    if cut:
        weights, trimmed = _cut(weights, filled)
    squares = fsum(number * weights[cell] ** 2 for cell, number in filled.items())
    total = fsum(number * weights[cell] for cell, number in filled.items())
    return Raked(weights=weights, people=people, effect=people * squares / total ** 2, trimmed=trimmed,
                 furthest=_furthest(weights, filled, targets) / people)


def _targets(margin: Mapping[int, float], people: int) -> dict[int, float]:
    total = fsum(margin.values())
    return {category: number * people / total for category, number in margin.items() if number}


def _fitted(cells: Mapping[Cell, int], targets: Sequence[Mapping[int, float]]) -> dict[Cell, float]:
    weights = dict.fromkeys(cells, 1.0)
    for _round in range(MOST_ROUNDS):
        for trait, target in enumerate(targets):
            sums = _sums(weights, cells, trait)
            for cell in weights:
                weights[cell] *= target[cell[trait]] / sums[cell[trait]]
        if _furthest(weights, cells, targets) <= CLOSE_ENOUGH * max(1, sum(cells.values())):
            return weights
    raise NeverMetError


def _sums(weights: Mapping[Cell, float], cells: Mapping[Cell, int], trait: int) -> dict[int, float]:
    parts: defaultdict[int, list[float]] = defaultdict(list)
    for cell, number in cells.items():
        parts[cell[trait]].append(number * weights[cell])
    return {category: fsum(numbers) for category, numbers in parts.items()}


def _furthest(weights: Mapping[Cell, float], cells: Mapping[Cell, int],
              targets: Sequence[Mapping[int, float]]) -> float:
    return max((abs(target[category] - number) for trait, target in enumerate(targets)
                for category, number in _sums(weights, cells, trait).items()), default=0.0)


def _cut(weights: Mapping[Cell, float], cells: Mapping[Cell, int]) -> tuple[dict[Cell, float], int]:
    """Weights within the bounds, with mean 1 again.

    To bring the mean back moves what was cut beyond its bound, so that bounds and mean are met by turns.
    """
    people = sum(cells.values())
    trimmed = sum(number for cell, number in cells.items() if not LEAST <= weights[cell] <= MOST)
    kept = dict(weights)
    for _round in range(MOST_ROUNDS):
        kept = {cell: min(max(weight, LEAST), MOST) for cell, weight in kept.items()}
        mean = fsum(number * kept[cell] for cell, number in cells.items()) / people
        if abs(mean - 1) < CLOSE_ENOUGH:
            break
        kept = {cell: weight / mean for cell, weight in kept.items()}
    return kept, trimmed
