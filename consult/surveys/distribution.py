"""How numbers are spread: their middle, their quartiles, and the classes into which they fall."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from consult.core.languages import Localized, everywhere
from consult.surveys.models import Question, QuestionKind

MOST_SINGLE = 12
"""Up to how many whole numbers stand alone in a chart."""
CLASSES = 8

FIRST_SCALE, LAST_SCALE = 1, 5
"""The ends of a scale that names none."""


class Spread:
    """Numbers with how often each was given."""

    def __init__(self, counts: Mapping[float, int]) -> None:
        self.counts = {value: counts[value] for value in sorted(counts) if counts[value]}
        self.size = sum(self.counts.values())

    @property
    def whole(self) -> bool:
        """True if all numbers are whole."""
        return all(float(value).is_integer() for value in self.counts)

    @property
    def mean(self) -> float:
        return round(math.fsum(value * number for value, number in self.counts.items()) / self.size, 4)

    def quantile(self, share: float) -> float:
        """The value below which this share lies, interpolated linearly (type 7 of Hyndman and Fan, 1996)."""
        rank = (self.size - 1) * share
        low = self._at(math.floor(rank))
        return round(low + (self._at(math.ceil(rank)) - low) * (rank - math.floor(rank)), 4)

    def _at(self, rank: int) -> float:
        """The value at a place of the sorted numbers, counted from 0."""
        passed = 0
        for value, number in self.counts.items():
            passed += number
            if passed > rank:
                return value
        raise IndexError(rank)

    def summary(self) -> list[tuple[LazyString, float]]:
        """The figures that tell most, with what they are called."""
        return [
            (_l("Mean"), self.mean),
            (_l("Lowest"), self.quantile(0)),
            (_l("A quarter answered up to"), self.quantile(0.25)),
            (_l("Half answered up to (median)"), self.quantile(0.5)),
            (_l("Three quarters answered up to"), self.quantile(0.75)),
            (_l("Highest"), self.quantile(1)),
        ]


def scale(question: Question) -> range:
    """The points of a scale."""
    if question.kind is QuestionKind.ZERO_TO_TEN:
        return range(11)
    first = FIRST_SCALE if question.minimum is None else question.minimum
    last = max(LAST_SCALE, first) if question.maximum is None else question.maximum
    return range(first, last + 1)


def classes(question: Question, spread: Spread) -> list[tuple[Localized, int]]:
    """The classes of a chart with how many numbers fall into each: single values where they are few and whole."""
    if question.kind in (QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN):
        return [(_point(question, point), spread.counts.get(point, 0)) for point in scale(question)]
    low, high = min(spread.counts), max(spread.counts)
    if spread.whole and high - low < MOST_SINGLE:
        return [(Localized.of(str(value)), spread.counts.get(value, 0)) for value in range(int(low), int(high) + 1)]
    if low == high:
        return [(everywhere(_figure(low)), spread.size)]
    return _binned(spread)


def _point(question: Question, point: int) -> Localized:
    ends = {scale(question)[0]: question.minimum_label, scale(question)[-1]: question.maximum_label}
    said = ends.get(point)
    return everywhere(LazyString(lambda: f"{point} ({said})")) if said else Localized.of(str(point))


def _binned(spread: Spread) -> list[tuple[Localized, int]]:
    """Classes of one round width over the bulk of the numbers; the first and last take what lies beyond."""
    exact = {Fraction(Decimal(repr(value))): number for value, number in spread.counts.items()}
    low, high = Fraction(Decimal(repr(spread.quantile(0.01)))), Fraction(Decimal(repr(spread.quantile(0.99))))
    if low == high:
        low, high = min(exact), max(exact)
    width = _round_width((high - low) / CLASSES, whole=spread.whole)
    start = math.floor(low / width) * width
    how_many = math.floor((high - start) / width) + 1
    edges = [start + width * step for step in range(how_many + 1)]
    found = [0] * how_many
    below = above = 0
    for value, number in exact.items():
        if value < start:
            below += number
        elif value >= edges[-1]:
            above += number
        else:
            found[math.floor((value - start) / width)] += number
    rows = [(_between(a, b, whole=spread.whole), number)
            for a, b, number in zip(edges, edges[1:], found, strict=False)]
    if below:
        rows.insert(0, (everywhere(_l("under %(number)s", number=_figure(start))), below))
    if above:
        rows.append((everywhere(_l("%(number)s and more", number=_figure(edges[-1]))), above))
    return rows


def _round_width(least: Fraction, *, whole: bool) -> Fraction:
    """The next 1, 2 or 5 with zeros."""
    for width in _widths(least):
        if width >= least and (not whole or width >= 1):
            return width
    raise ValueError(least)


def _widths(least: Fraction) -> Iterator[Fraction]:
    power = Fraction(10) ** (math.floor(math.log10(least)) - 1)
    while True:
        yield from (power, power * 2, power * 5)
        power *= 10


def _between(low: Fraction, high: Fraction, *, whole: bool) -> Localized:
    if whole and high - low == 1:
        return everywhere(_figure(low))
    if whole:
        return everywhere(_l("%(low)s to %(high)s", low=_figure(low), high=_figure(high - 1)))
    return everywhere(_l("%(low)s to under %(high)s", low=_figure(low), high=_figure(high)))


def _figure(number: Fraction | float) -> LazyString:
    """A number as it is written in the language of whoever reads it, with all its decimals: edges may be close."""
    exact = Decimal(number.numerator) / number.denominator if isinstance(number, Fraction) else Decimal(repr(number))
    return LazyString(lambda: format_decimal(exact, locale=get_locale(), decimal_quantization=False))
