"""A participatory budget by votes: projects funded from the top down, as long as the money lasts."""

from collections.abc import Iterable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods.choices import NOBODY, Ticked, options_grid, summed, with_costs
from consult.methods.funding import (
    Limits,
    budget_faults,
    fund,
    funded_column,
    funding_told,
    limits_said,
    pair_told,
    pairs,
    ranking,
)
from consult.methods.interface import Marks, Names, Paper, Result, Rules
from consult.methods.sifting import sift


class Greedy(Ticked):
    """Projects funded in the order of their votes."""

    name = "greedy"
    needs_budget = True

    @property
    def title(self) -> LazyString:
        return _l("Participatory budget, by votes")

    def limits(self, rules: Rules, _papers: int) -> Limits:
        """What else counts in a ballot with that many valid papers."""
        return Limits.of({**rules.parameters, "threshold": 1})

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        return [*self.funding_said(), *limits_said(Limits.of(rules.parameters))]

    def funding_said(self) -> Sequence[LazyString]:
        """How the order of votes becomes a list of what is funded."""
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
        return [*self.before_funding(result), *funding_told(rules, result.winners, result.facts["left"], names),
                *(pair_told(rules, tie, votes, names) for tie in result.ties)]

    def before_funding(self, _result: Result) -> Sequence[LazyString]:
        """What is to be said before what is funded."""
        return ()

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        return [*super().parameter_faults(rules), *budget_faults(rules)]
