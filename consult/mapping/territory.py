"""Where all places, or all kinds of organisation, are of one mind, and where they are not.

One voice for each place: a village of twenty answers counts as much as a town of two thousand, its share drawn towards
that of all by as much as chance alone would part them. Who differs is found by a test and not by the drawn share.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from consult.core.later import numpy as np
from consult.mapping.votes import Flags, Floats, Ints

ELIGIBLE = 5
WEAKEST, STRONGEST = 2.0, 500.0
FALSE_FINDS = 0.10
CONSENSUS, AGREEING_AREAS, KNOWN_AREAS = 0.60, 0.80, 0.50
"""What a territorial consensus takes: the mean share, the areas above a half, the areas with enough answers."""


class Label(enum.Enum):
    """What may be said of a statement across the places."""

    CONSENSUS = "consensus"
    DIVIDED = "divided"


@dataclass(frozen=True)
class AreaCounts:
    """Answers by place (rows, by id) and statement (columns, by id): how many agree, disagree, answered at all."""

    areas: tuple[int, ...]
    statements: tuple[int, ...]
    agree: Ints
    disagree: Ints
    seen: Ints

    def turned(self) -> AreaCounts:
        """The same for rejecting: what all places disagree with."""
        return AreaCounts(self.areas, self.statements, self.disagree, self.agree, self.seen)


@dataclass(frozen=True)
class Territorial:
    """A statement across the places that gave at least five answers; shares are 0 to 1.

    `share` is the geometric mean of the drawn shares, each place alike, `weighted` the same by residents; `coverage`
    the part of those places, `coverage_residents` of their residents, where more than half agree. `dissenting` are
    places significantly below a half, `agreeing` above. None where no place gave enough answers, or residents are not
    known.
    """

    statement: int
    share: float | None
    weighted: float | None
    coverage: float | None
    coverage_residents: float | None
    eligible: int
    areas: int
    dissenting: tuple[int, ...]
    agreeing: tuple[int, ...]
    shrunk: Mapping[int, float]
    label: Label | None


def territorial(held: AreaCounts, populations: Mapping[int, int] | None = None) -> tuple[Territorial, ...]:
    """Each statement across the places, in the order of the statements."""
    tails = Tails(int(held.seen.max(initial=0)))
    residents = None if populations is None else np.array([populations.get(area, 0) for area in held.areas], float)
    return tuple(_across(held, column, residents, tails) for column in range(len(held.statements)))


def _across(held: AreaCounts, column: int, residents: Floats | None, tails: Tails) -> Territorial:
    eligible = np.flatnonzero(held.seen[:, column] >= ELIGIBLE)
    agree, seen = held.agree[eligible, column], held.seen[eligible, column]
    shares = shrunk(agree, seen)
    above = shares > 0.5
    places = [held.areas[index] for index in eligible]
    dissenting = found(tails.at_most(agree, seen))
    agreeing = found(tails.at_most(seen - agree, seen))
    weights = None if residents is None or residents[eligible].sum() <= 0 else residents[eligible]
    known = len(eligible) > 0
    share = float(np.exp(np.log(shares).mean())) if known else None
    return Territorial(
        statement=held.statements[column], share=share,
        weighted=float(np.exp(np.average(np.log(shares), weights=weights))) if weights is not None else None,
        coverage=float(above.mean()) if known else None,
        coverage_residents=float(np.average(above, weights=weights)) if weights is not None else None,
        eligible=len(eligible), areas=len(held.areas),
        dissenting=tuple(place for place, is_so in zip(places, dissenting, strict=True) if is_so),
        agreeing=tuple(place for place, is_so in zip(places, agreeing, strict=True) if is_so),
        shrunk=dict(zip(places, map(float, shares), strict=True)),
        label=_label(share, above, len(held.areas), dissenting, agreeing))


def _label(share: float | None, above: Flags, areas: int, dissenting: Flags, agreeing: Flags) -> Label | None:
    if dissenting.any() and agreeing.any():
        return Label.DIVIDED
    if (share is not None and share >= CONSENSUS and above.mean() >= AGREEING_AREAS
            and len(above) >= KNOWN_AREAS * areas and not dissenting.any()):
        return Label.CONSENSUS
    return None


def shrunk(agree: Ints, seen: Ints) -> Floats:
    """The share of each place drawn towards that of all, less the more it answered and the more the places differ.

    The strength comes from the spread between the places by the method of moments (Kleinman 1973 for unequal sizes).
    """
    if not seen.sum():
        return np.zeros(len(seen))
    mean = agree.sum() / seen.sum()
    strength = _strength(agree / seen, seen.astype(np.float64), mean)
    # a place where nobody agrees when nobody anywhere does would make the geometric mean nothing
    drawn: Floats = np.maximum((agree + strength * mean) / (seen + strength), 1e-9)
    return drawn


def _strength(shares: Floats, seen: Floats, mean: float) -> float:
    """How many answers the share of all is worth against those of one place, within 2 and 500."""
    freedom, answers = len(seen) - 1, seen.sum()
    room = answers - (seen**2).sum() / answers - freedom
    if not 0 < mean < 1 or freedom < 1 or room <= 0:
        return STRONGEST
    likeness_within = ((seen * (shares - mean) ** 2).sum() / (mean * (1 - mean)) - freedom) / room
    if likeness_within <= 0:
        return STRONGEST
    return float(np.clip(1 / likeness_within - 1, WEAKEST, STRONGEST))


class Tails:
    """Chances of at most so many of so many throws of a fair coin."""

    def __init__(self, most: int) -> None:
        self._factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))

    def at_most(self, count: Ints, trials: Ints) -> Floats:
        """The chance of each pair; where the count is half or more it is given as 1, for no test could be passed."""
        chances = np.ones(len(count))
        for index in np.flatnonzero(2 * count < trials):
            heads, throws = np.arange(count[index] + 1), trials[index]
            logs = self._factorials[throws] - self._factorials[heads] - self._factorials[throws - heads]
            chances[index] = min(float(np.exp(logs - throws * np.log(2)).sum()), 1.0)
        return chances


def found(chances: Floats, *, rate: float = FALSE_FINDS) -> Flags:
    """Which chances are small enough that of all found at most a tenth is false (Benjamini and Hochberg 1995)."""
    order = np.argsort(chances, kind="stable")
    passed = chances[order] <= rate * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    finds = np.zeros(len(chances), dtype=bool)
    if passed.any():
        finds[order[: int(np.flatnonzero(passed)[-1]) + 1]] = True
    return finds
