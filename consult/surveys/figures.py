"""The tables of one question, by the form of its answers."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString, format_date
from flask_babel import lazy_gettext as _l

from consult.core.charts import Column, Row, Table, Value
from consult.core.languages import Localized, everywhere
from consult.surveys import distribution
from consult.surveys.answers import CHOICES, MATRICES, NUMBERS, ONE
from consult.surveys.counting import Counts
from consult.surveys.distribution import Spread
from consult.surveys.ground import Ground, column
from consult.surveys.models import Question, QuestionKind
from consult.surveys.queries import ELSEWHERE, Places

MOST_MONTHS = 18
MOST_YEARS = 15
GROUPS_OF_TEN = ((0, 6), (7, 8), (9, 10))

REFUSED = _l("Prefer not to answer")
NO_ANSWER = _l("No answer")


def tables(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """What is told of a question: nothing of those whose answers are words, files or places."""
    return _TABLES[question.kind](question, counts, ground) if question.kind in _TABLES else ()


def _chosen(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """How many chose each option, in all and by municipality."""
    rows = [(option.label, counts.options[question.id, 0, option.id]) for option in question.options]
    yield _whole(question, [(label, figures.total()) for label, figures in rows], counts)
    if ground.broken_down and not _asks_where(question, ground):
        rows += beside(question, counts, ground)
        lines = ground.crossed(rows, exclusive=question.kind in ONE)
        lines.append(Row(label=everywhere(_l("Filled-in surveys")), total=True,
                         values=tuple(ground.shown.get(id) for id in ground.places)))
        yield Table(code=f"question-{question.id}-places", heading=everywhere(_l("Answer")), rows=tuple(lines),
                    caption=_by_municipality(question),
                    columns=tuple(Column(label=ground.names[id]) for id in ground.places))


def _asks_where(question: Question, ground: Ground) -> bool:
    """Whether most answers are places of the ground: by place they would say of each that its people are from there."""
    places = {str(ground.names[id]).casefold() for id in ground.populations}
    named = sum(1 for option in question.options if places & {said.casefold() for said in option.label.values()})
    return 2 * named > len(question.options)


def beside(question: Question, counts: Counts, ground: Ground) -> list[tuple[Localized, Places]]:
    """Who chose no option, so that the rows of a breakdown add up to the submissions of each place."""
    refused = ground.by_place(counts.refused[question.id])
    rows = [(everywhere(REFUSED), refused)] if refused.total() else []
    if question.kind in ONE:
        silent = ground.by_place(counts.submissions)
        silent.subtract(ground.by_place(counts.answered[question.id]))
        silent.subtract(refused)
        if silent.total():
            rows.append((everywhere(NO_ANSWER), silent))
    return rows


def _measured(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """How the numbers given are spread, in all, and where their middle lies by municipality."""
    given = {value: ground.by_place(places) for value, places in counts.numbers[question.id].items()}
    spread = Spread({value: places.total() for value, places in given.items()})
    yield _whole(question, distribution.classes(question, spread), counts)
    if question.kind is QuestionKind.ZERO_TO_TEN:
        yield _groups_of_ten(question, spread)
    yield Table(code=f"question-{question.id}-summary", heading=everywhere(_l("Figure")),
                caption=everywhere(_l("%(question)s In short", question=question.prompt)),
                columns=(column(_l("Value"), "number"),),
                rows=tuple(Row(label=everywhere(label), values=(value,)) for label, value in spread.summary()))
    if ground.broken_down:
        yield _middles(question, given, ground)


def _groups_of_ten(question: Question, spread: Spread) -> Table:
    rows = []
    for low, high in GROUPS_OF_TEN:
        number = sum(spread.counts.get(value, 0) for value in range(low, high + 1))
        rows.append(Row(label=everywhere(_l("%(low)s to %(high)s", low=low, high=high)),
                        values=(number, _share(number, spread.size))))
    return Table(code=f"question-{question.id}-groups", heading=everywhere(_l("Answer")), rows=tuple(rows),
                 caption=everywhere(_l("%(question)s In three groups", question=question.prompt)),
                 columns=(column(_l("Answers")), column(_l("Share of those who answered"), "share")))


def _middles(question: Question, given: dict[float, Places], ground: Ground) -> Table:
    by_place = {id: Spread({value: places[id] for value, places in given.items()}) for id in ground.places}
    shown = ground.alone(Places({id: spread.size for id, spread in by_place.items()}))
    rows = []
    for id in ground.places:
        number, spread = shown.get(id) if ground.shown.get(id) is not None else None, by_place[id]
        values: tuple[Value, ...] = (None,) * 3 if number is None else (spread.mean, spread.quantile(0.5), number)
        rows.append(Row(label=ground.names[id], values=values))
    return Table(code=f"question-{question.id}-places", heading=everywhere(_l("Municipality")), chart=True,
                 caption=_by_municipality(question), rows=tuple(rows),
                 columns=(column(_l("Mean"), "number"), column(_l("Median"), "number"), column(_l("Answers"))))


def _placed(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """Which municipality people name, kept back where it is small or kept back of the submissions themselves."""
    if not ground.told:
        return
    named = Places()
    for (question_id, _row, id), figures in counts.options.items():
        if question_id == question.id:
            named[id if id in ground.populations else ELSEWHERE] += figures.total()
    kept = ground.alone(named)
    answered = counts.answered[question.id].total()
    rows = []
    for id in ground.names:
        number = kept.get(id) if ground.shown.get(id) is not None else None
        values: tuple[Value, ...] = (None, None) if number is None else (number, _share(number, answered))
        if id in ground.populations or named[id]:
            rows.append(Row(label=ground.names[id], values=values))
    yield _framed(question, rows, counts)


def _crossed_options(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """Of a matrix: each row with how many answered it, how many chose each option, and their share."""
    columns = [column(_l("Answers"))]
    for option in question.options:
        columns += [Column(label=option.label),
                    column(_l("%(option)s, share", option=option.label), "share")]
    rows = []
    for line in question.rows:
        answered = counts.row_answered[question.id, line.id]
        values: list[Value] = [answered]
        for option in question.options:
            number = counts.options[question.id, line.id, option.id].total()
            values += [number, _share(number, answered)]
        rows.append(Row(label=line.label, values=tuple(values)))
    yield Table(code=f"question-{question.id}", caption=question.prompt, heading=everywhere(_l("Row")),
                rows=tuple(rows), columns=tuple(columns), note=everywhere(_l(
                    "Each share is of those who answered the row. Where several could be chosen in a row, shares add "
                    "up to more than the whole.")) if question.kind is QuestionKind.MATRIX_MULTIPLE else everywhere(_l(
                        "Each share is of those who answered the row.")))


def points_by_rank(question: Question, counts: Counts) -> dict[int, int]:
    """By id of the option: of n options the first place gives n points, each further place one less."""
    most = len(question.options)
    return {option.id: int(sum((most + 1 - rank) * how_many
                               for rank, how_many in counts.weighed[question.id, option.id].items()))
            for option in question.options}


def _method(most: int) -> LazyString:
    return _l("Points: of %(count)s options the first place gives %(count)s points, each further place one less, and "
              "whoever does not rank an option gives it none (as in Borda's count).", count=most)


def _ranked(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """Points by rank, the mean rank, first places, and how many ranked each option."""
    points, rows = points_by_rank(question, counts), []
    for option in question.options:
        ranks = counts.weighed[question.id, option.id]
        number = ranks.total()
        rows.append(Row(label=option.label, values=(
            points[option.id], Spread(ranks).mean if number else "–", ranks[1.0], number)))
    yield Table(code=f"question-{question.id}", caption=question.prompt, heading=everywhere(_l("Option")), chart=True,
                rows=tuple(rows), note=everywhere(_method(len(question.options))),
                columns=(column(_l("Points")), column(_l("Mean rank"), "number"), column(_l("First places")),
                         column(_l("Ranked it"))))


def _pointed(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """The points given to each option: whoever gave it none counts as zero."""
    answered = counts.answered[question.id].total()
    given = {option.id: Counter(counts.weighed[question.id, option.id]) for option in question.options}
    total = sum(points * how_many for spread in given.values() for points, how_many in spread.items())
    rows = []
    for option in question.options:
        spread = given[option.id]
        mine = int(sum(points * how_many for points, how_many in spread.items()))
        spread[0.0] += answered - spread.total()
        middle = Spread(spread)
        rows.append(Row(label=option.label, values=(middle.mean, middle.quantile(0.5), mine, _share(mine, total))))
    yield Table(code=f"question-{question.id}", caption=question.prompt, heading=everywhere(_l("Option")), chart=True,
                rows=tuple(rows), note=everywhere(_l("Whoever gave an option no point counts in its mean and median.")),
                columns=(column(_l("Mean"), "number"), column(_l("Median"), "number"), column(_l("Points in all")),
                         column(_l("Share of all points"), "share")))


def _dated(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """Days by month where they lie close together, else by year or ten years."""
    yield _whole(question, dates(counts.months[question.id]), counts)


def dates(months: Counter[str]) -> list[tuple[Localized, int]]:
    """Classes of months, years or decades with how many days fall into each, those between them too."""
    numbers = Counter({_month(month): how_many for month, how_many in months.items()})
    low, high = min(numbers), max(numbers)
    if high - low < MOST_MONTHS:
        return [(everywhere(_named(month)), numbers[month]) for month in range(low, high + 1)]
    width = 1 if high // 12 - low // 12 < MOST_YEARS else 10
    years: Counter[int] = Counter()
    for month, how_many in numbers.items():
        years[month // 12 // width * width] += how_many
    return [(Localized.of(str(year) if width == 1 else f"{year}–{year + width - 1}"), years[year])
            for year in range(min(years), max(years) + 1, width)]


def _month(text: str) -> int:
    """Months since the year 0."""
    return int(text[:4]) * 12 + int(text[5:]) - 1


def _named(month: int) -> LazyString:
    return LazyString(format_date, date(month // 12, month % 12 + 1, 1), "LLLL yyyy")


def _whole(question: Question, rows: Iterable[tuple[Localized, int]], counts: Counts) -> Table:
    """A question's answers in all, each with its share of those who answered it."""
    answered = counts.answered[question.id].total()
    return _framed(question, [Row(label=label, values=(number, _share(number, answered))) for label, number in rows],
                   counts)


def _framed(question: Question, rows: Sequence[Row], counts: Counts) -> Table:
    """Rows with how many answered, and apart from the shares how many preferred not to."""
    answered, refused = (some[question.id].total() for some in (counts.answered, counts.refused))
    lines = [*rows, Row(label=everywhere(_l("Answered the question")), values=(answered, 1.0), total=True)]
    if question.prefer_not or refused:
        lines.append(Row(label=everywhere(REFUSED), values=(refused, "–"), total=True))
    return Table(code=f"question-{question.id}", caption=question.prompt, heading=everywhere(_l("Answer")),
                 chart=True, rows=tuple(lines),
                 columns=(column(_l("Answers")), column(_l("Share of those who answered"), "share")))


def _share(number: float, of: float) -> Value:
    return round(number / of, 4) if of else "–"


def _by_municipality(question: Question) -> Localized:
    return everywhere(_l("%(question)s By municipality", question=question.prompt))


_Making = Callable[[Question, Counts, Ground], Iterable[Table]]
_WAYS: list[tuple[Iterable[Any], _Making]] = [
    (CHOICES, _chosen), (NUMBERS, _measured), (MATRICES, _crossed_options), ([QuestionKind.MUNICIPALITY], _placed),
    ([QuestionKind.RANKING], _ranked), ([QuestionKind.POINTS], _pointed), ([QuestionKind.DATE], _dated),
]
_TABLES: dict[QuestionKind, _Making] = {kind: making for kinds, making in _WAYS for kind in kinds}
