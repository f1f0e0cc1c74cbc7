"""Projects funded from the top of the votes down, as long as the money lasts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods import lots
from consult.methods.choices import NOBODY, Ticked, options_grid, summed, with_costs
from consult.methods.interface import Column, Figure, Marks, Names, Paper, Result, Rules, Tie
from consult.methods.sifting import sift
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


class Greedy(Ticked):
    """Projects funded in the order of their votes."""

    name = "greedy"
    needs_budget = True

    @property
    def title(self) -> LazyString:
        return _l("Participatory budget, by votes")

    def limits(self, rules: Rules, _papers: int) -> Limits:
        """What else counts in a ballot with that many valid papers."""
        return Limits.of({name: value for name, value in rules.parameters.items() if name != "threshold"})

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l(
            "Options are funded in the order of their votes, as long as what is left of the budget pays for them; one "
            "that does not fit is passed over. Of options with the same number of votes the cheaper comes first, of "
            "equally cheap ones the one whose code comes first. What nobody chose is not funded.")]

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        votes = summed(sifted)
        limits = self.limits(rules, sifted.valid)
        funding = fund(rules, votes, limits)
        order = tuple((code,) for code in ranking(rules, votes))
        grid = options_grid(order, votes, sifted.valid, [*with_costs(rules), funded_column(rules, funding.funded)])
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=funding.funded,
                      order=order, grids=(grid,), ties=pairs(rules, funding),
                      facts={"votes": dict(votes), "left": funding.left, "threshold": limits.threshold})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        votes: Marks = result.facts["votes"]
        if not votes:
            return [NOBODY]
        return [*funding_told(rules, result.winners, result.facts["left"], names),
                *(pair_told(rules, tie, votes, names) for tie in result.ties)]
