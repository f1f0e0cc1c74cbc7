"""Two questionnaires side by side: what was asked alike in both, and why the rest cannot be compared."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l

from consult.core import disclosure
from consult.core.charts import Column, Row, Table, Value
from consult.core.languages import Localized, everywhere
from consult.crossings.tables import FEW, LEAST_FOR_SHARES
from consult.surveys import counting, distribution
from consult.surveys.answers import CHOICES, MATRICES, NUMBERS
from consult.surveys.counting import Counts
from consult.surveys.distribution import Spread
from consult.surveys.ground import column
from consult.surveys.models import Question, QuestionKind, Survey
from consult.surveys.statistics import asking

SCALES = frozenset({QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN})
COMPARED = CHOICES | MATRICES | NUMBERS | {QuestionKind.RANKING, QuestionKind.POINTS}

NOT_ASKED = _l("Not asked in the other survey")
OTHER_KIND = _l("Asked in another way in the other survey")
OTHER_OPTIONS = _l("With other answers in the other survey")
OTHER_ENDS = _l("On a scale that has other ends in the other survey")
OTHER_UNIT = _l("With a number that counts something else in the other survey")
NOT_COUNTED = _l("Answered with texts, files, days or places, which are not compared")
TOO_FEW = _l("Answered by fewer than five people in one of the two surveys")


@dataclass
class Comparison:
    """What can be compared, as tables, and what cannot, with why."""

    tables: list[Table] = field(default_factory=list)
    apart: list[tuple[Localized, LazyString]] = field(default_factory=list)

    @property
    def apart_by_reason(self) -> dict[str, list[Localized]]:
        """What cannot be compared, together with what cannot for the same reason."""
        found: dict[str, list[Localized]] = {}
        for prompt, reason in self.apart:
            found.setdefault(str(reason), []).append(prompt)
        return found


@dataclass(frozen=True)
class _Half:
    question: Question
    counts: Counts
    title: Localized

    @property
    def size(self) -> int:
        return self.counts.answered[self.question.id].total()

    @property
    def spread(self) -> Spread:
        given = self.counts.numbers[self.question.id]
        return Spread({value: places.total() for value, places in given.items()})


def comparison(first: Survey, second: Survey) -> Comparison:
    """Compare the questions of two questionnaires that have the same code, the same form and the same answers."""
    counts = counting.counted(first, by_place=False), counting.counted(second, by_place=False)
    known = {question.code: question for question in asking(second)}
    found = Comparison()
    for question in asking(first):
        other = known.get(question.code)
        reason = why_not(question, other)
        if other is None or reason is not None:
            found.apart.append((question.prompt, reason or NOT_ASKED))
            continue
        halves = _Half(question, counts[0], first.title), _Half(other, counts[1], second.title)
        if min(half.size for half in halves) < disclosure.MINIMUM:
            found.apart.append((question.prompt, TOO_FEW))
        else:
            found.tables += _tables(*halves)
    return found


def why_not(question: Question, other: Question | None) -> LazyString | None:
    """Why two questions cannot be compared; None where they can."""
    if other is None:
        return NOT_ASKED
    if question.kind not in COMPARED:
        return NOT_COUNTED
    if question.kind is not other.kind:
        return OTHER_KIND
    if {o.code for o in question.options} != {o.code for o in other.options} or (
            {r.code for r in question.rows} != {r.code for r in other.rows}):
        return OTHER_OPTIONS
    if question.kind in SCALES and distribution.scale(question) != distribution.scale(other):
        return OTHER_ENDS
    if question.kind is QuestionKind.NUMBER and question.unit != other.unit:
        return OTHER_UNIT
    return None


def _tables(first: _Half, second: _Half) -> Iterable[Table]:
    question = first.question
    if question.kind in CHOICES:
        yield _shares(question.code, question.prompt, first, second, _options)
    elif question.kind in SCALES:
        yield _shares(question.code, question.prompt, first, second, _points, note=_means(first, second))
    elif question.kind is QuestionKind.NUMBER:
        yield _middles(first, second)
    elif question.kind in MATRICES:
        for row in question.rows:
            caption = everywhere(_l("%(question)s %(row)s", question=question.prompt, row=row.label))
            yield _shares(f"{question.code}-{row.code}", caption, first, second,
                          lambda half, code=row.code: _line(half, code))  # type: ignore[misc] # the row of this turn
    else:
        yield _weighed(first, second)


_Found = tuple[int, dict[str, tuple[Localized, int]]]
"""How many answered; by code of each answer its words and how many chose it."""


def _options(half: _Half) -> _Found:
    return half.size, {option.code: (option.label, half.counts.options[half.question.id, 0, option.id].total())
                       for option in half.question.options}


def _points(half: _Half) -> _Found:
    return half.size, {str(point): (Localized.of(str(point)), half.spread.counts.get(point, 0))
                       for point in distribution.scale(half.question)}


def _line(half: _Half, code: str) -> _Found:
    row = next(row for row in half.question.rows if row.code == code)
    return half.counts.row_answered[half.question.id, row.id], {
        option.code: (option.label, half.counts.options[half.question.id, row.id, option.id].total())
        for option in half.question.options}


def _shares(code: str, caption: Localized, first: _Half, second: _Half, found: Callable[[_Half], _Found], *,
            note: Localized | None = None) -> Table:
    """Shares of those who answered, and the difference in points."""
    (size, mine), (other_size, others) = found(first), found(second)
    rows = []
    for option, (label, number) in mine.items():
        pair = _share(number, size), _share(others[option][1], other_size)
        rows.append(Row(label=label, values=(*(share if share is not None else "–" for share in pair),
                                             _difference(*pair, scale=100))))
    return Table(code=code, caption=caption, heading=everywhere(_l("Answer")), rows=tuple(rows),
                 note=note or Localized(), columns=(
                     Column(label=_headed(first.title, size), unit="share"),
                     Column(label=_headed(second.title, other_size), unit="share"),
                     column(_l("Difference in points"), "number")))


def _share(number: int, size: int) -> float | None:
    return round(number / size, 4) if size >= LEAST_FOR_SHARES else None


def _difference(first: float | None, second: float | None, *, scale: int = 1) -> Value:
    return "–" if first is None or second is None else round((second - first) * scale, 2 if scale == 1 else 1)


def _headed(title: Localized, size: int) -> Localized:
    number = LazyString(format_decimal, size)
    if size < FEW:
        return everywhere(_l("%(title)s (answers: %(number)s, few)", title=title, number=number))
    return everywhere(_l("%(title)s (answers: %(number)s)", title=title, number=number))


def _means(first: _Half, second: _Half) -> Localized:
    one, other = first.spread.mean, second.spread.mean
    return everywhere(_l("Mean: %(first)s and %(second)s.", first=LazyString(format_decimal, round(one, 2)),
                         second=LazyString(format_decimal, round(other, 2))))


def _middles(first: _Half, second: _Half) -> Table:
    rows = [Row(label=everywhere(label), values=(mine, other, _difference(mine, other)))
            for (label, mine), (_label, other) in zip(first.spread.summary(), second.spread.summary(), strict=True)]
    return _numbers(first, second, _l("Figure"), rows)


def _weighed(first: _Half, second: _Half) -> Table:
    """The mean rank of each option, or the mean of the points it was given."""
    means = [_by_option(half) for half in (first, second)]
    rows = []
    for option in first.question.options:
        mine, other = (found[option.code] for found in means)
        rows.append(Row(label=option.label, values=(
            "–" if mine is None else mine, "–" if other is None else other, _difference(mine, other))))
    heading = _l("Mean rank") if first.question.kind is QuestionKind.RANKING else _l("Mean of the points")
    return _numbers(first, second, heading, rows)


def _by_option(half: _Half) -> Mapping[str, float | None]:
    found: dict[str, float | None] = {}
    for option in half.question.options:
        given = half.counts.weighed[half.question.id, option.id]
        size = given.total() if half.question.kind is QuestionKind.RANKING else half.size
        total = sum(value * number for value, number in given.items())
        found[option.code] = round(total / size, 2) if size else None
    return found


def _numbers(first: _Half, second: _Half, heading: LazyString, rows: Iterable[Row]) -> Table:
    return Table(code=first.question.code, caption=first.question.prompt, heading=everywhere(heading),
                 rows=tuple(rows), columns=(
                     Column(label=_headed(first.title, first.size), unit="number"),
                     Column(label=_headed(second.title, second.size), unit="number"),
                     column(_l("Difference"), "number")))
