"""Scores: a number for each option, of which the mean counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.interface import Column, Figure, Form, Grid, Line, Marks, Names, Paper, Result, Rules, Titled
from consult.methods.marked import Marked, Tallies, tallies
from consult.methods.sifting import sift
from consult.methods.wording import decimal, figure

LOWEST, HIGHEST = 0, 10
MOST_VALUES = 101
MOST_COLUMNS = 11


def mean(count: Counter[int]) -> Fraction | None:
    """The mean of the scores that were given, exactly; None where none was."""
    return Fraction(sum(score * times for score, times in count.items()), count.total()) if count.total() else None


def median(count: Counter[int]) -> Fraction | None:
    """The score in the middle, or the mean of the two in the middle; None where none was given."""
    total = count.total()
    if not total:
        return None
    return Fraction(_nth(count, (total - 1) // 2) + _nth(count, total // 2), 2)


def _nth(count: Counter[int], wanted: int) -> int:
    """The score at that place of the ascending list, from 0."""
    seen = 0
    for score in sorted(count):
        seen += count[score]
        if seen > wanted:
            return score
    raise IndexError(wanted)


def bounds(rules: Rules) -> tuple[int, int]:
    """The lowest and the highest score."""
    return int(rules.parameters.get("lowest", LOWEST)), int(rules.parameters.get("highest", HIGHEST))


class Score(Marked):
    """Each option gets a number; the highest mean comes first."""

    name = "score"
    form = Form.SCORES

    @property
    def title(self) -> LazyString:
        return _l("Scores")

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        lowest, highest = bounds(rules)
        return [_l("Give each option a score from %(lowest)s to %(highest)s; several may have the same.",
                   lowest=lowest, highest=highest), *self.may_leave_out(rules)]

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [_l("The option with the highest mean comes first; the median is shown beside it. What a paper leaves "
                   "without a score does not count as 0: it does not count for that option."), lots.LOT]

    def allowed(self, rules: Rules) -> range:
        lowest, highest = bounds(rules)
        return range(lowest, highest + 1)

    def wrong(self, rules: Rules) -> LazyString:
        lowest, highest = bounds(rules)
        return _l("Give the options shown whole numbers from %(lowest)s to %(highest)s.", lowest=lowest,
                  highest=highest)

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        return marks

    @property
    def added(self) -> LazyString:
        return _l("Sum of the scores")

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        counts = tallies(rules, sifted)
        means = {code: mean(count) for code, count in counts.items()}
        scored = [code for code in rules.codes if means[code] is not None]
        unscored = tuple(sorted(code for code in rules.codes if means[code] is None))
        order = lots.ranks(scored, lambda code: means[code])
        winners, ties = lots.first(rules, order)
        order = (*order, unscored) if unscored else order
        return Result(valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners, order=order,
                      ties=ties, grids=_grids(self.allowed(rules), order, counts),
                      facts={"means": {code: str(means[code]) for code in scored},
                             "scored": {code: count.total() for code, count in counts.items()}})

    def because(self, _rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        best = result.winners[0]
        return [_l("“%(title)s” comes first with a mean of %(mean)s; papers that gave it a score: %(papers)s.",
                   title=names(best), mean=decimal(Fraction(result.facts["means"][best])),
                   papers=figure(result.facts["scored"][best])), *lots.told(result.ties, names)]

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        lowest, highest = bounds(rules)
        if not 1 <= highest - lowest < MOST_VALUES:
            return [_l("The highest score must be above the lowest, by at most %(most)s.", most=MOST_VALUES - 1)]
        return ()


def _grids(scores: range, order: Sequence[Sequence[str]], counts: Tallies) -> tuple[Grid, ...]:
    codes = [code for rank in order for code in rank]
    options = Grid(
        code="options", caption=_l("The mean score of each option"), heading=_l("Option"), chart=True,
        columns=(Column(label=_l("Mean"), unit="number"), Column(label=_l("Median"), unit="number"),
                 Column(label=_l("Scores given"))),
        lines=tuple(Line(label=Titled(code), values=(
            _or_dash(mean(counts[code])), _or_dash(median(counts[code])), counts[code].total())) for code in codes))
    if len(scores) > MOST_COLUMNS:
        return (options,)
    distribution = Grid(
        code="scores", caption=_l("How often each score was given"), heading=_l("Option"),
        columns=tuple(Column(label=figure(score)) for score in scores),
        lines=tuple(Line(label=Titled(code), values=tuple(counts[code][score] for score in scores)) for code in codes))
    return options, distribution


def _or_dash(number: Fraction | None) -> Figure:
    return number if number is not None else LazyString(lambda: "–")
