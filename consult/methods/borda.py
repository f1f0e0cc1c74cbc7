"""The count of Borda: points by place; options that share places share the points of those places."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.interface import Column, Grid, Line, Names, Paper, Result, Rules, Titled
from consult.methods.ranked import Ranked, first_places, in_order
from consult.methods.sifting import Sifted, sift
from consult.methods.wording import decimal


def scores(rules: Rules, sifted: Sifted) -> dict[str, Fraction]:
    """Points of each option, exactly: of m options the first of a paper gets m-1, the last 0.

    Those that share places, and those left out, which share the last, get the mean of the points of those places.
    """
    doubled: Counter[str] = Counter()  # twice the points: a mean of whole numbers then stays whole
    everybody = 0
    for marks, times in sifted.piles:
        if not marks:
            continue
        after = len(rules.codes)  # how many options are not yet placed
        together = Counter(marks.values())
        ranked = in_order(marks)
        points: dict[int, int] = {}
        for place in sorted(together):
            points[place] = 2 * after - together[place] - 1
            after -= together[place]
        unplaced = after - 1  # twice the mean of 0 … after-1
        everybody += unplaced * times if after else 0
        for code in ranked:
            doubled[code] += (points[marks[code]] - (unplaced if after else 0)) * times
    return {code: Fraction(doubled[code] + everybody, 2) for code in rules.codes}


class Borda(Ranked):
    """Points by place."""

    name = "borda"

    @property
    def title(self) -> LazyString:
        return _l("Order of preference, points by place (Borda)")

    def counting(self, rules: Rules) -> Sequence[LazyString]:
        return [_l("The first of a paper gets %(points)s points, the next one point less, and so on down to 0. Options "
                   "that share places share the points of those places equally; those left out share the last ones. "
                   "The option with the most points comes first.", points=len(rules.options) - 1), lots.LOT]

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        points = scores(rules, sifted)
        order = lots.ranks(rules.codes, lambda code: points[code])
        winners, ties = lots.first(rules, order) if sifted.valid > sifted.blank else ((), ())
        firsts = first_places(rules, sifted, self)
        grid = Grid(code="options", caption=_l("Points of each option"), heading=_l("Option"), chart=True,
                    columns=(Column(label=_l("Points"), unit="number"), Column(label=_l("First places"))),
                    lines=tuple(Line(label=Titled(code), values=(points[code], firsts[code]))
                                for rank in order for code in rank))
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners, order=order,
                      grids=(grid,), ties=ties, facts={"points": {code: str(points[code]) for code in rules.codes}})

    def because(self, _rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        points = {code: Fraction(text) for code, text in result.facts["points"].items()}
        best = result.winners[0]
        said = [_l("“%(title)s” comes first with %(points)s points.", title=names(best),
                   points=decimal(points[best]))]
        if len(result.order) > 1 and not result.ties:
            second = result.order[1][0]
            said.append(_l("After it comes “%(title)s” with %(points)s points.", title=names(second),
                           points=decimal(points[second])))
        return [*said, *lots.told(result.ties, names)]
