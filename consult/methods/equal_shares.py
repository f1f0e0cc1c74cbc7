"""A participatory budget by equal shares: every voter decides on the same part of the money."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods import lots
from consult.methods.choices import NOBODY, Ticked, options_grid, summed, with_costs
from consult.methods.funding import budget_faults, fund, funded_column, funding_told, pairs
from consult.methods.interface import Column, Grid, Line, Names, Paper, Result, Rules, Tie, Titled
from consult.methods.shares import Market, Outcome, Payment, with_add1
from consult.methods.sifting import sift
from consult.methods.wording import cents, listed

COMPLETIONS = ("none", "greedy")


class EqualShares(Ticked):
    """Projects bought by those who chose them, everybody with the same part of the money."""

    name = "equal_shares"
    needs_budget = True

    @property
    def title(self) -> LazyString:
        return _l("Participatory budget, by equal shares")

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        said = [
            _l("The budget is divided equally among those who voted. A project is paid by those who chose it, as "
               "equally as what they have left allows. Each time the project is bought whose voters get most for what "
               "each of them pays; whoever has little left pays what is left."),
            _l("As money then remains, everybody is given one euro more (with few voters, a thousandth of the share), "
               "and all is bought anew, again and again: the last list that fits the budget counts (Method of Equal "
               "Shares with Add1)."),
            _l("Of projects that are as good, the one with more votes comes first, then the cheaper."), lots.LOT]
        if _completed(rules):
            said.append(_l("With what is left, projects are funded in the order of their votes, as long as it pays for "
                           "them."))
        return said

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        votes, budget = summed(sifted), rules.budget or 0
        drawn = {code: at for at, code in enumerate(lots.drawn(rules, rules.codes))}
        affordable = {code: cost for code, cost in rules.costs.items() if 0 < cost <= budget}
        piles = [({code: 1 for code in marks if code in affordable}, times) for marks, times in sifted.piles]
        outcome = with_add1(Market.of(affordable, drawn, piles), budget)
        added: tuple[str, ...] = ()
        left, ties = budget - outcome.cost, _ties(rules, outcome, votes)
        if _completed(rules):
            funding = fund(rules, votes, already=outcome.funded)
            added, left, ties = funding.funded, funding.left, (*ties, *pairs(rules, funding))
        funded = (*outcome.funded, *added)
        order = (*((code,) for code in funded), *lots.ranks(
            set(rules.codes) - set(funded), lambda code: (votes[code], -rules.costs[code])))
        return Result(
            valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=funded, order=order, ties=ties,
            grids=(options_grid(order, votes, sifted.valid, [*with_costs(rules), funded_column(rules, funded)]),
                   _ledger(rules, outcome, added)),
            facts={"votes": dict(votes), "left": left, "share": outcome.share, "runs": outcome.runs,
                   "completed": list(added), "payments": list(map(_paid, outcome.payments))})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.facts["votes"]:
            return [NOBODY]
        said = funding_told(rules, result.winners, result.facts["left"], names)
        if result.facts["payments"]:
            said.append(_l("Each voter decided on %(share)s, the highest share for which what was bought fits the "
                           "budget.", share=cents(result.facts["share"])))
        completed = result.facts["completed"]
        if completed:
            said.append(_n("%(num)s project was added by votes, with what was left: %(titles)s.",
                           "%(num)s projects were added by votes, with what was left: %(titles)s.", len(completed),
                           titles=listed(completed, names)))
        decisive = [tie for tie in result.ties if not set(tie.among) <= set(result.winners)]
        return [*said, *lots.told(decisive, names)]

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        faults = [*super().parameter_faults(rules), *budget_faults(rules)]
        if rules.parameters.get("completion", COMPLETIONS[0]) not in COMPLETIONS:
            faults.append(_l("Say whether what is left is spent by votes, or not at all."))
        return faults


def _completed(rules: Rules) -> bool:
    return bool(rules.parameters.get("completion") == "greedy")


def _paid(payment: Payment) -> Mapping[str, Any]:
    return {"code": payment.code, "each": payment.each, "payers": payment.payers, "short": payment.short}


def _ties(rules: Rules, outcome: Outcome, votes: Mapping[str, int]) -> tuple[Tie, ...]:
    """Those of which not all were bought, and every one that the lot decided on the way to the outcome."""
    costs, funded = rules.costs, set(outcome.funded)
    found = {}
    for tied in [payment.tied for payment in outcome.payments if not set(payment.tied) <= funded]:
        first, second = tied[:2]
        reason = (lots.BY_VOTES if votes[first] != votes[second] else
                  lots.BY_COST if costs[first] != costs[second] else lots.BY_LOT)
        found[tied] = Tie(among=tied, chosen=first, decided_by=reason)
    for tied in sorted(outcome.drawn - found.keys()):
        found[tied] = Tie(among=tied, chosen=tied[0], decided_by=lots.BY_LOT)
    return tuple(found.values())


def _ledger(rules: Rules, outcome: Outcome, added: Sequence[str]) -> Grid:
    """Who pays what: like papers pay the same, so it can be computed again from the papers without any name."""
    costs = rules.costs
    nothing = LazyString(lambda: "–")
    lines = [Line(label=Titled(payment.code), values=(
        costs[payment.code], payment.payers, round(payment.each, 2), payment.short)) for payment in outcome.payments]
    lines += [Line(label=Titled(code), values=(costs[code], nothing, nothing, nothing)) for code in added]
    return Grid(
        code="payments", caption=_l("Who pays for what, in the order in which it was bought"), heading=_l("Option"),
        columns=(Column(label=_l("Cost"), unit="money"), Column(label=_l("Voters who pay")),
                 Column(label=_l("Each pays at most, in euros"), unit="number"),
                 Column(label=_l("Voters who had less left and paid that"))), lines=tuple(lines),
        note=_l("A line without voters was added by votes, with what was left.") if added else None)
