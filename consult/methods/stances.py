"""Yes, no or abstained on several points, each decided by itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.interface import Column, Figure, Form, Grid, Line, Marks, Names, Paper, Result, Rules, Titled
from consult.methods.marked import Marked, tallies
from consult.methods.sifting import sift
from consult.methods.wording import figure

NO, YES, ABSTAINED = 0, 1, 2


class Stances(Marked):
    """Each point by itself: more yes than no approves it."""

    name = "stances"
    form = Form.STANCES

    @property
    def title(self) -> LazyString:
        return _l("Yes or no on several points")

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        return [_l("On each point say yes or no, or that you abstain."), *self.may_leave_out(rules)]

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l("Each point is decided by itself: it is approved when more papers say yes than no. Abstentions are "
                   "shown and count on neither side; as many yes as no is not approved.")]

    def allowed(self, _rules: Rules) -> range:
        return range(3)

    def wrong(self, _rules: Rules) -> LazyString:
        return _l("On each of the points shown say yes or no, or that you abstain.")

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return {code: 1 for code, mark in marks.items() if mark == YES}

    def against(self, _rules: Rules, marks: Marks) -> Marks:
        return {code: 1 for code, mark in marks.items() if mark == NO}

    @property
    def opposed(self) -> LazyString:
        return _l("No")

    @property
    def added(self) -> LazyString:
        return _l("Yes")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        counts = tallies(rules, sifted)
        order = lots.ranks(rules.codes, lambda code: counts[code][YES] - counts[code][NO])
        approved = tuple(code for rank in order for code in rank if counts[code][YES] > counts[code][NO])
        lines = [Line(label=Titled(code), values=_line(counts[code], sifted.valid, code in approved))
                 for rank in order for code in rank]
        grid = Grid(code="options", caption=_l("Yes and no on each point"), heading=_l("Point"), chart=True, columns=(
            Column(label=_l("Yes")), Column(label=_l("No")), Column(label=_l("Abstained")),
            Column(label=_l("Left out")), Column(label=_l("Yes among yes and no"), unit="share"),
            Column(label=_l("Outcome"), unit="text")), lines=tuple(lines))
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=approved, order=order,
                      grids=(grid,), facts={"votes": {code: counts[code][YES] for code in rules.codes},
                                            "against": {code: counts[code][NO] for code in rules.codes}})

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        yes, no = result.facts["votes"], result.facts["against"]
        if not any(yes.values()) and not any(no.values()):
            return [_l("Nobody said yes or no, so nothing came out of this ballot.")]
        said = [_l("“%(title)s” is approved: %(yes)s yes, %(no)s no.", title=names(code), yes=figure(yes[code]),
                   no=figure(no[code])) for code in result.winners]
        for code in rules.codes:
            if code in result.winners:
                continue
            counts = {"title": names(code), "yes": figure(yes[code]), "no": figure(no[code])}
            said.append(_l("“%(title)s” is not approved: there were as many yes as no, %(yes)s.", **counts)
                        if yes[code] == no[code] else
                        _l("“%(title)s” is not approved: %(yes)s yes, %(no)s no.", **counts))
        return said


def _line(count: Counter[int], valid: int, approved: bool) -> tuple[Figure, ...]:
    decided = count[YES] + count[NO]
    return (count[YES], count[NO], count[ABSTAINED], valid - count.total(),
            Fraction(count[YES], decided) if decided else 0, _l("Approved") if approved else _l("Not approved"))
