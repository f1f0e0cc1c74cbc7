"""Points to share out among options; with a budget, projects are funded in the order of their points."""

from collections.abc import Iterable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods import lots
from consult.methods.choices import NOBODY, summed, with_costs
from consult.methods.funding import (
    Limits,
    budget_faults,
    fund,
    funded_column,
    funding_told,
    limits_said,
    pairs,
    ranking,
)
from consult.methods.interface import Column, Form, Grid, Line, Marks, Method, Names, Paper, Result, Rules, Titled
from consult.methods.marked import too_few
from consult.methods.sifting import sift
from consult.methods.wording import figure

POINTS = 10


def given(rules: Rules) -> int:
    """How many points one paper may share out."""
    return int(rules.parameters.get("points", POINTS))


class Points(Method):
    """Everybody shares out the same number of points: the option with the most comes first."""

    name = "points"
    form = Form.POINTS

    @property
    def title(self) -> LazyString:
        return _l("Points to share out")

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        said = [_n("Share out up to %(num)s point among the options, as you like.",
                   "Share out up to %(num)s points among the options, as you like.", given(rules))]
        if rules.maximum < len(rules.options):
            said.append(_n("Give points to at most %(num)s option.", "Give points to at most %(num)s options.",
                           rules.maximum))
        return said

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        if rules.budget is None:
            return [_l("The option with the most points comes first."), lots.LOT]
        return [_l("Options are funded in the order of their points, as long as what is left of the budget pays for "
                   "them; one that does not fit is passed over. Of options with the same points the cheaper comes "
                   "first, of equally cheap ones the one whose code comes first. What got no points is not funded."),
                *limits_said(Limits.of(rules.parameters))]

    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        if any(code not in rules.costs or mark < 1 for code, mark in marks.items()):
            return _l("Give the options shown whole points, one or more; leave out those that get none.")
        over = sum(marks.values()) - given(rules)
        if over > 0:
            return _n("You gave %(num)s point more than the %(points)s that you have: take it away again.",
                      "You gave %(num)s points more than the %(points)s that you have: take them away again.", over,
                      points=given(rules))
        if len(marks) < rules.minimum:
            return too_few(rules)
        if len(marks) > rules.maximum:
            return _l("You chose %(chosen)s options, the most is %(most)s: take some away.", chosen=len(marks),
                      most=rules.maximum)
        return None

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return marks

    @property
    def added(self) -> LazyString:
        return _l("Points")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        points = summed(sifted)
        backers = {code: sum(times for marks, times in sifted.piles if code in marks) for code in rules.codes}
        columns = with_costs(rules)
        if rules.budget is None:
            order = lots.ranks(rules.codes, lambda code: points[code])
            winners, ties = lots.first(rules, order) if points else ((), ())
            facts = {}
        else:
            funding = fund(rules, points, Limits.of({**rules.parameters, "threshold": 1}))
            order = tuple((code,) for code in ranking(rules, points))
            winners, ties, facts = funding.funded, pairs(rules, funding), {"left": funding.left}
            columns.append(funded_column(rules, winners))
        grid = Grid(
            code="options", caption=_l("Points of each option"), heading=_l("Option"), chart=True,
            columns=(Column(label=_l("Points")), Column(label=_l("Papers that gave it points")),
                     *(column for column, _values in columns)),
            lines=tuple(Line(label=Titled(code), values=(
                points[code], backers[code], *(values[code] for _column, values in columns)))
                for rank in order for code in rank))
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners, order=order,
                      grids=(grid,), ties=ties, facts={"votes": dict(points), "backers": backers, **facts})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        points = result.facts["votes"]
        if not points:
            return [NOBODY]
        if rules.budget is None:
            best = result.winners[0]
            return [_l("“%(title)s” comes first with %(points)s points, from %(papers)s papers.", title=names(best),
                       points=figure(points[best]), papers=figure(result.facts["backers"][best])),
                    *lots.told(result.ties, names)]
        return [*funding_told(rules, result.winners, result.facts["left"], names), *lots.told(result.ties, names)]

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        faults = budget_faults(rules) if rules.budget is not None else []
        if given(rules) < 1:
            faults.append(_l("Say how many points each paper may share out."))
        if rules.maximum < 1:
            faults.append(_l("Let one paper choose at least one option."))
        return faults
