"""Papers on which options are ticked: what makes them valid, and their votes as a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.methods.interface import Column, Figure, Form, Grid, Line, Marks, Method, Rules, Titled
from consult.methods.sifting import Sifted
from consult.methods.wording import euros

NOBODY = _l("Nobody chose an option, so nothing came out of this ballot.")


class Ticked(Method):
    """A way of voting by ticking between `minimum` and `maximum` options."""

    form = Form.CHOICES

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        least, most = rules.minimum, rules.maximum
        if least == most:
            said = [_n("Choose %(num)s option.", "Choose %(num)s options.", most)]
        elif least == 0:
            said = [_n("Choose up to %(num)s option, or none: a blank paper counts as one.",
                       "Choose up to %(num)s options, or none: a blank paper counts as one.", most)]
        else:
            said = [_l("Choose from %(least)s to %(most)s options.", least=least, most=most)]
        if _bound_by_budget(rules):
            said.append(_l("Together what you choose may cost at most %(budget)s.", budget=euros(rules.budget or 0)))
        return said

    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        costs = rules.costs
        if any(code not in costs or mark != 1 for code, mark in marks.items()):
            return _l("Choose among the options shown, each at most once.")
        if len(marks) < rules.minimum:
            return _n("Choose at least %(num)s option.", "Choose at least %(num)s options.", rules.minimum)
        if len(marks) > rules.maximum:
            return _l("You chose %(chosen)s options, the most is %(most)s: take some away.",
                      chosen=len(marks), most=rules.maximum)
        cost = sum(costs[code] for code in marks)
        over = cost - (rules.budget or 0)
        if _bound_by_budget(rules) and over > 0:
            return _l("What you chose costs %(cost)s, which is %(over)s more than the %(budget)s that can be spent: "
                      "take something away.", cost=euros(cost), over=euros(over), budget=euros(rules.budget or 0))
        return None

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return marks

    @property
    def added(self) -> LazyString:
        return _l("Votes")

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        if rules.maximum < 1:
            return [_l("Let one paper choose at least one option.")]
        if rules.maximum > len(rules.options):
            return [_l("There are fewer options than one paper may choose.")]
        return ()


def _bound_by_budget(rules: Rules) -> bool:
    """True if what one paper chooses may not cost more than the budget."""
    return rules.budget is not None and bool(rules.parameters.get("paper_budget", True))


def summed(sifted: Sifted) -> Counter[str]:
    """How much the marks for each option add up to."""
    votes: Counter[str] = Counter()
    for marks, times in sifted.piles:
        for code, mark in marks.items():
            votes[code] += mark * times
    return votes


def options_grid(order: Sequence[Sequence[str]], votes: Mapping[str, int], valid: int,
                 more: Sequence[tuple[Column, Mapping[str, Figure]]] = ()) -> Grid:
    """The options in the order of the result, with their votes, the share of the papers, and what else is told."""
    columns = [Column(label=_l("Votes")), Column(label=_l("Share of the papers"), unit="share"),
               *(column for column, _values in more)]
    lines = [Line(label=Titled(code), values=(
        votes.get(code, 0), Fraction(votes.get(code, 0), valid) if valid else 0,
        *(values.get(code) for _column, values in more))) for rank in order for code in rank]
    return Grid(code="options", caption=_l("Votes for each option"), heading=_l("Option"), columns=tuple(columns),
                lines=tuple(lines), chart=True)


def with_costs(rules: Rules) -> list[tuple[Column, Mapping[str, Figure]]]:
    """The column of the costs, where options have any."""
    costs: Mapping[str, Figure] = dict(rules.costs)
    return [(Column(label=_l("Cost"), unit="money"), costs)] if any(rules.costs.values()) else []
