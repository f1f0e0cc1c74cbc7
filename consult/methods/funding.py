"""How a budget is spent from the top of the votes down, and how that is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods import lots
from consult.methods.interface import Column, Figure, Names, Rules, Tie
from consult.methods.wording import euros, figure, listed


def ranking(rules: Rules, votes: Mapping[str, int]) -> list[str]:
    """Codes of all options: more votes first, of equals the cheaper, of equally cheap the first by code."""
    costs = rules.costs
    return sorted(costs, key=lambda code: (-votes.get(code, 0), costs[code], code))


@dataclass(frozen=True)
class Limits:
    """What else a project must respect, from the parameters of a ballot.

    `threshold`: votes under which nothing is funded. `skip`: whether, once a project does not fit, cheaper ones after
    it are still tried. `lots`: what can be spent on each group of options. `exclusive`: of these only one is funded.
    """

    threshold: int = 1
    skip: bool = True
    lots: Mapping[str, int] = field(default_factory=dict)
    exclusive: Sequence[Sequence[str]] = ()

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> "Limits":
        return cls(threshold=max(1, int(parameters.get("threshold", 1))), skip=bool(parameters.get("skip", True)),
                   lots=dict(parameters.get("lots", {})), exclusive=tuple(map(tuple, parameters.get("exclusive", ()))))


@dataclass(frozen=True)
class Funding:
    """What the budget pays for, what is left of it, why others are not funded, and the ties that cost or code decided.

    A tie is a pair of options with equal votes of which only the first was funded.
    """

    funded: tuple[str, ...]
    left: int
    ties: tuple[tuple[str, str], ...]
    passed_over: tuple[str, ...]


def fund(rules: Rules, votes: Mapping[str, int], limits: Limits = Limits(),
         already: Sequence[str] = ()) -> Funding:
    """Go down the ranking and fund each option that what is left of the budget still pays for.

    An option that nobody chose is not funded; one that does not fit is skipped, and the next is tried.
    """
    purse = _Purse(rules, limits)
    funded: list[str] = []
    for code in already:
        purse.pay(code)
    passed_over: list[str] = []
    for code in ranking(rules, votes):
        if votes.get(code, 0) < limits.threshold or code in already:
            continue
        if purse.pays_for(code):
            funded.append(code)
            purse.pay(code)
        else:
            passed_over.append(code)
            if not limits.skip:
                break
    ties = [(won, lost) for lost in passed_over for won in funded if votes[won] == votes[lost]
            and _would_have_fitted(rules, limits, [*already, *funded[:funded.index(won)]], lost)]
    return Funding(tuple(funded), purse.left, tuple(ties), tuple(passed_over))


class _Purse:
    """What is left to spend, in all and on each lot."""

    def __init__(self, rules: Rules, limits: Limits) -> None:
        self.left = rules.budget or 0
        self._options = {option.code: option for option in rules.options}
        self._lots = dict(limits.lots)
        self._exclusive = [set(codes) for codes in limits.exclusive]
        self._paid: set[str] = set()

    def pays_for(self, code: str) -> bool:
        option = self._options[code]
        return (option.cost <= self.left and option.cost <= self._lots.get(option.group, option.cost)
                and not any(code in group and group & self._paid for group in self._exclusive))

    def pay(self, code: str) -> None:
        option = self._options[code]
        self.left -= option.cost
        self._paid.add(code)
        if option.group in self._lots:
            self._lots[option.group] -= option.cost


def _would_have_fitted(rules: Rules, limits: Limits, before: Iterable[str], lost: str) -> bool:
    """True if what the winner of a tie and all after it were given would have paid for the loser."""
    purse = _Purse(rules, limits)
    for code in before:
        purse.pay(code)
    return purse.pays_for(lost)


def funded_column(rules: Rules, funded: Iterable[str]) -> tuple[Column, Mapping[str, Figure]]:
    """The column that says which options are funded."""
    chosen = set(funded)
    return (Column(label=_l("With the budget"), unit="text"),
            {code: _l("Funded") if code in chosen else _l("Not funded") for code in rules.codes})


def funding_told(rules: Rules, funded: Sequence[str], left: int, names: Names) -> list[LazyString]:
    """What the budget funds and what is left of it."""
    budget = euros(rules.budget or 0)
    if not funded:
        return [_l("No option that got votes fits the budget of %(budget)s.", budget=budget)]
    return [_n("The budget of %(budget)s funds %(num)s project: %(titles)s.",
               "The budget of %(budget)s funds %(num)s projects: %(titles)s.", len(funded), budget=budget,
               titles=listed(funded, names)),
            _l("%(left)s are left over.", left=euros(left))]


def pair_told(rules: Rules, tie: Tie, votes: Mapping[str, int], names: Names) -> LazyString:
    """That of two options with equal votes the cheaper, or the first by code, was funded."""
    won, lost = tie.among
    equal = {"one": names(won), "other": names(lost), "votes": figure(votes[won])}
    if rules.costs[won] < rules.costs[lost]:
        return _l("“%(one)s” and “%(other)s” had the same number of votes, %(votes)s: as announced, the cheaper one "
                  "came first.", **equal)
    return _l("“%(one)s” and “%(other)s” had the same number of votes, %(votes)s, and cost the same: as announced, "
              "the one whose code comes first came first.", **equal)


def pairs(rules: Rules, funding: Funding) -> tuple[Tie, ...]:
    """The ties of a funding, with what decided each."""
    costs = rules.costs
    return tuple(Tie(among=(won, lost), chosen=won,
                     decided_by=lots.BY_COST if costs[won] < costs[lost] else lots.BY_CODE)
                 for won, lost in funding.ties)


def limits_said(limits: Limits) -> list[LazyString]:
    """What else counts, in words."""
    said = []
    if not limits.skip:
        said.append(_l("As soon as an option does not fit, nothing after it is funded."))
    if limits.lots:
        said.append(_l("Part of the budget is set aside for groups of options: none gets more than its part."))
    if limits.exclusive:
        said.append(_l("Of options that exclude each other only the first in that order is funded."))
    return said


def budget_faults(rules: Rules) -> list[LazyString]:
    """What a budget that can be spent needs."""
    if not rules.budget or rules.budget < 0:
        return [_l("Say how much money can be spent.")]
    if any(option.cost <= 0 for option in rules.options):
        return [_l("Give each option its cost.")]
    if any(option.cost > rules.budget for option in rules.options):
        return [_l("An option that costs more than the whole budget can never be funded: leave it out.")]
    return []
