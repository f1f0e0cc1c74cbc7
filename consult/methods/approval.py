"""Approval: everybody ticks what they could live with."""

from collections.abc import Iterable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY, Ticked, options_grid, summed, with_costs
from consult.methods.interface import Names, Paper, Result, Rules, Tie
from consult.methods.sifting import sift
from consult.methods.wording import figure, listed, share


class Approval(Ticked):
    """The option that most papers approve of comes first."""

    name = "approval"

    @property
    def title(self) -> LazyString:
        return _l("Approval")

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l("The option with the most votes comes first. Where several have the most, the ballot decides "
                   "nothing between them.")]

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        votes = summed(sifted)
        order = lots.ranks(rules.codes, lambda code: votes[code])
        winners = order[0] if votes else ()
        ties = (Tie(among=winners, chosen=None, decided_by=lots.BY_NOTHING),) if len(winners) > 1 else ()
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners, order=order,
                      grids=(options_grid(order, votes, sifted.valid, with_costs(rules)),), ties=ties,
                      facts={"votes": dict(votes)})

    def because(self, _rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        votes = result.facts["votes"][result.winners[0]]
        if len(result.winners) > 1:
            return [_l("These options have the most votes, %(votes)s each: %(titles)s. "
                       "The ballot decides nothing between them.", votes=figure(votes),
                       titles=listed(result.winners, names))]
        return [_l("The option with the most votes is “%(title)s”: %(votes)s votes on %(papers)s papers (%(share)s).",
                   title=names(result.winners[0]), votes=figure(votes), papers=figure(result.valid),
                   share=share(votes, result.valid))]
