"""The Method of Equal Shares, as plain arithmetic: everybody has the same part of the money, and spends it together.

Peters, Skowron: "Method of Equal Shares", equalshares.net; Peters, Pierczyński, Skowron: "Proportional participatory
budgeting with additive utilities" (NeurIPS 2021). The utility of a project is its cost. Voters who chose the same
always have the same money left, so one entry stands for all of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from consult.core.later import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Amounts: TypeAlias = "npt.NDArray[np.float64]"
NEAR = 1e-9
"""Two efforts are taken as equal when they differ by less than this part of them."""
FINEST = 1000
"""The share grows in steps of one euro, or of this part of it where that is more."""


@dataclass(frozen=True)
class Payment:
    """A project that was bought: what each of its voters pays at most, and how many had less left and paid that."""

    code: str
    each: float
    payers: int
    short: int
    tied: tuple[str, ...] = ()
    """Those that were as good, if any, in the order in which the tie was decided."""


@dataclass(frozen=True)
class Outcome:
    """What was bought, in that order, with the share of each voter that was enough for it."""

    payments: tuple[Payment, ...]
    share: float
    cost: int
    runs: int = 1
    drawn: frozenset[tuple[str, ...]] = frozenset()
    """The ties that only `rank` decided, in this run or, with Add1, in any that led to it."""

    @property
    def funded(self) -> tuple[str, ...]:
        return tuple(payment.code for payment in self.payments)


@dataclass
class Market:
    """Projects with their costs and the piles of like papers that chose them; `rank` decides what is still tied."""

    costs: Mapping[str, int]
    rank: Mapping[str, int]
    backers: dict[str, npt.NDArray[np.int64]]
    times: Amounts
    votes: dict[str, int] = field(init=False)
    weights: dict[str, Amounts] = field(init=False)

    def alike(self, one: str, other: str) -> bool:
        """True if nothing but `rank` tells two projects apart that are as good."""
        return self.votes[one] == self.votes[other] and self.costs[one] == self.costs[other]

    def __post_init__(self) -> None:
        self.weights = {code: self.times[backers] for code, backers in self.backers.items()}
        self.votes = {code: int(weights.sum()) for code, weights in self.weights.items()}

    @classmethod
    def of(cls, costs: Mapping[str, int], rank: Mapping[str, int],
           piles: Sequence[tuple[Mapping[str, int], int]]) -> Market:
        """A market from piles of like papers (what they chose, how many)."""
        chosen: dict[str, list[int]] = {code: [] for code in costs}
        for at, (marks, _times) in enumerate(piles):
            for code in marks:
                chosen[code].append(at)
        return cls(costs=costs, rank=rank, times=np.array([times for _marks, times in piles], dtype=np.float64),
                   backers={code: np.array(at, dtype=np.int64) for code, at in chosen.items() if at})


def plain(market: Market, share: float) -> Outcome:
    """Buy projects, each time the one whose voters get most for what they pay, until none can be paid any more.

    Of projects whose voters get as much, the one with more votes comes first, then the cheaper, then by `rank`.
    """
    money = np.full(len(market.times), share)
    queue = [(-float(votes), market.rank[code], code) for code, votes in market.votes.items()]
    heapq.heapify(queue)  # what voters get for their money only ever falls, so an old figure is an upper bound
    payments: list[Payment] = []
    while best := _best(market, money, queue):
        code, each, tied = best
        backers = market.backers[code]
        held = money[backers]
        short = held < each * (1 - NEAR)
        payments.append(Payment(code, each, market.votes[code], int(market.weights[code][short].sum()), tied))
        money[backers] = np.maximum(held - each, 0)
    return Outcome(
        tuple(payments), share, sum(market.costs[payment.code] for payment in payments),
        drawn=frozenset(payment.tied for payment in payments if payment.tied and market.alike(*payment.tied[:2])))


def _best(market: Market, money: Amounts,
          queue: list[tuple[float, int, str]]) -> tuple[str, float, tuple[str, ...]] | None:
    """Take the best project out of the queue, with what each voter pays at most, and those that were as good."""
    good: list[tuple[float, float, str]] = []  # (worth, each, code), worth within reach of the best
    most = 0.0
    while queue and -queue[0][0] >= most * (1 - NEAR):
        _bound, rank, code = heapq.heappop(queue)
        found = _each(market, money, code, most * (1 - NEAR))
        if found is None:
            continue  # its voters will not have more money later
        each, exact = found
        worth = market.costs[code] / each
        if not exact or worth < most * (1 - NEAR):
            heapq.heappush(queue, (-worth, rank, code))
        else:
            good.append((worth, each, code))
            most = max(most, worth)
    near = [(each, code) for worth, each, code in good if worth >= most * (1 - NEAR)]
    near.sort(key=lambda pair: (-market.votes[pair[1]], market.costs[pair[1]], market.rank[pair[1]]))
    for worth, _each_pays, code in good:
        if code != near[0][1]:
            heapq.heappush(queue, (-worth, market.rank[code], code))
    if not near:
        return None
    return near[0][1], near[0][0], tuple(code for _each_pays, code in near) if len(near) > 1 else ()


def _each(market: Market, money: Amounts, code: str, most: float) -> tuple[float, bool] | None:
    """The least that each voter of a project must be ready to pay for it; None where they have too little.

    What is left over for those who have more only grows as those who have less are found, so each figure on the way
    is too low: once even that is worth less than `most`, the search ends, and False says that it is not the last.
    """
    cost, payers = float(market.costs[code]), float(market.votes[code])
    held, weights = money[market.backers[code]], market.weights[code]
    if float(held @ weights) < cost * (1 - NEAR):
        return None
    each = cost / payers
    while True:
        if market.costs[code] / each < most:
            return each, False
        enough = held >= each * (1 - NEAR)
        if enough.all():
            return each, True
        cost -= float(held[~enough] @ weights[~enough])
        held, weights = held[enough], weights[enough]
        payers = float(weights.sum())
        if not payers:  # nobody is left but by rounding: all pay all they have
            return each, True
        each = cost / payers


def with_add1(market: Market, budget: int) -> Outcome:
    """Give everybody one euro more than their share, buy anew, and go on as long as what is bought fits the budget.

    The last outcome that fits is kept: stopping at the first that leaves no room buys less.
    """
    voters = float(market.times.sum())
    if not voters:
        return Outcome((), 0.0, 0, 0)
    share = budget / voters
    step = max(1, int(share // FINEST))
    last = plain(market, share)
    runs, drawn = 1, last.drawn
    while len(last.payments) < len(market.backers):
        found = plain(market, share + runs * step)
        runs, drawn = runs + 1, drawn | found.drawn
        if found.cost > budget:
            break
        last = found
    return Outcome(last.payments, last.share, last.cost, runs, drawn)
