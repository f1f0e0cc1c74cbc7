"""What makes a paper valid and how papers are counted: plain functions, which anybody can check by hand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString, format_currency, format_decimal
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

Place = int | None
"""The id of a municipality; None where it is not known."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What one paper may choose: between `minimum` and `maximum` of the options, together within the budget.

    `costs` are in whole euros, by code of the option, 0 for an option without cost.
    """

    minimum: int
    maximum: int
    costs: Mapping[str, int]
    budget: int | None = None

    def fault(self, choices: Sequence[str]) -> LazyString | None:
        """Why a paper cannot be taken, as a sentence that says what to do; None for a valid one."""
        if any(code not in self.costs for code in choices) or len(set(choices)) < len(choices):
            return _l("Choose among the options shown, each at most once.")
        if len(choices) < self.minimum:
            return _n("Choose at least %(num)s option.", "Choose at least %(num)s options.", self.minimum)
        if len(choices) > self.maximum:
            return _l("You chose %(chosen)s options, the most is %(most)s: take some away.",
                      chosen=len(choices), most=self.maximum)
        over = self.cost(choices) - self.budget if self.budget is not None else 0
        if over > 0:
            return _l("What you chose costs %(cost)s, which is %(over)s more than the %(budget)s that can be spent: "
                      "take something away.", cost=euros(self.cost(choices)), over=euros(over),
                      budget=euros(self.budget or 0))
        return None

    def cost(self, choices: Iterable[str]) -> int:
        """What the options cost together, in whole euros."""
        return sum(self.costs.get(code, 0) for code in choices)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What counting needs of a paper, and how many like it there are."""

    choices: tuple[str, ...]
    place: Place
    channel: str = "online"
    times: int = 1


@dataclass
class Count:
    """What was counted: valid papers by place and channel, approvals by option and place."""

    approvals: Counter[str] = field(default_factory=Counter)
    by_place: dict[Place, Counter[str]] = field(default_factory=dict)
    papers: Counter[Place] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    blank: int = 0
    invalid: int = 0

    @property
    def valid(self) -> int:
        return self.papers.total()


def count(rules: Rules, papers: Iterable[Paper]) -> Count:
    """Count papers; one that breaks the rules counts for nothing but the number of invalid ones."""
    counted = Count()
    for paper in papers:
        if rules.fault(paper.choices) is not None:
            counted.invalid += paper.times
            continue
        counted.papers[paper.place] += paper.times
        counted.channels[paper.channel] += paper.times
        counted.blank += paper.times * (not paper.choices)
        here = counted.by_place.setdefault(paper.place, Counter())
        for code in paper.choices:
            counted.approvals[code] += paper.times
            here[code] += paper.times
    return counted


def ranking(rules: Rules, approvals: Mapping[str, int]) -> list[str]:
    """Codes of all options: more approvals first, of equals the cheaper, of equally cheap the first by code."""
    return sorted(rules.costs, key=lambda code: (-approvals.get(code, 0), rules.costs[code], code))


@dataclass(frozen=True)
class Funding:
    """What the budget pays for, what is left of it, and the ties that cost or code decided.

    A tie is a pair of options with equal approvals of which only the first was funded.
    """

    funded: tuple[str, ...]
    left: int
    ties: tuple[tuple[str, str], ...]


def fund(rules: Rules, approvals: Mapping[str, int]) -> Funding:
    """Go down the ranking and fund each option that what is left of the budget still pays for.

    An option that nobody approved is not funded; one that does not fit is skipped, and the next is tried.
    """
    left, funded, skipped = rules.budget or 0, [], []
    for code in ranking(rules, approvals):
        if not approvals.get(code, 0):
            continue
        if rules.costs[code] <= left:
            funded.append(code)
            left -= rules.costs[code]
        else:
            skipped.append(code)
    ties = [(won, lost) for lost in skipped for won in funded
            if approvals[won] == approvals[lost] and _would_have_fitted(rules, funded, won, lost, left)]
    return Funding(tuple(funded), left, tuple(ties))


def _would_have_fitted(rules: Rules, funded: Sequence[str], won: str, lost: str, left: int) -> bool:
    """True if what the winner of a tie and all after it were given would have paid for the loser."""
    return left + rules.cost(funded[funded.index(won):]) >= rules.costs[lost]


def first(approvals: Mapping[str, int]) -> list[str]:
    """The codes with the most approvals, in order of code: one, several in a tie, none if nobody chose anything."""
    most = max(approvals.values(), default=0)
    return sorted(code for code, votes in approvals.items() if votes == most) if most else []


def euros(amount: int) -> LazyString:
    """Whole euros, written in the language of whoever reads."""
    return LazyString(format_currency, amount, "EUR", "#,##0 ¤", currency_digits=False)


def figure(number: int) -> LazyString:
    """A number, written in the language of whoever reads."""
    return LazyString(format_decimal, number)
