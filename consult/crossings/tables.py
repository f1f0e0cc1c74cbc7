"""A cross table as it may be published.

What anybody can know beside it are the figures of each variable by itself, which are published: a table is kept back
so that nobody learns a small figure from it with those. Two tables that have one variable in common tell no more than
each of them, since every pair of tables that agree in it fits together. Tables that have two in common are one: it is
protected the same way round whoever asks for it. Three tables of which each two have a variable in common may tell
more; one that would is not shown (`gives_away`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import disclosure
from consult.core.charts import Column, Row, Table
from consult.core.charts import Value as Cell
from consult.core.languages import Localized, everywhere
from consult.crossings import queries
from consult.crossings.variables import CATEGORY, CITIZEN, PARTY, PLACE, Value, Variable
from consult.surveys.ground import Ground, protected
from consult.surveys.models import Survey

MINIMUM = disclosure.MINIMUM
MINIMUM_OF_CATEGORIES = 10
"""What a kind of organisation thinks is known from fewer people than what a municipality thinks."""
LEAST_FOR_SHARES, FEW = 10, 30
"""No shares of fewer people than the one; those of fewer than the other are marked."""

Figures = list[list[int | None]]


TOO_FEW = _l("Fewer than five people answered one of the two questions: there is nothing to cross.")
GIVES_AWAY = _l("This table is not shown: together with others that are, small figures could be worked out from it.")


@dataclass(frozen=True)
class Crossing:
    """Figures by two variables as may be published; None is kept back. `totals` are those of the columns."""

    rows: Variable
    side: Variable
    row_values: tuple[Value, ...]
    side_values: tuple[Value, ...]
    cells: Figures
    row_totals: list[int]
    totals: list[int | None]
    everybody: int


def minimum_for(side: Variable) -> int:
    """How many people must stand behind a figure."""
    return MINIMUM_OF_CATEGORIES if side.key in (CATEGORY, PARTY) else MINIMUM


def crossing(survey: Survey, rows: Variable, side: Variable, ground: Ground, *,
             others: Sequence[Variable] = ()) -> Crossing | LazyString:
    """Count answers by a side; or the reason why that is not shown. `others` are the sides published beside it.

    Two queries, and two more for each other side that answers to both are published by.
    """
    found, totals = queries.counted(survey, rows, side), _people(queries.counted(survey, side))
    if _few(rows, _people(queries.counted(survey, rows))) or _few(side, totals):
        return TOO_FEW
    small = unsafe(found, totals, minimum_for(side))
    for other in others:
        if small and other.key not in (rows.key, side.key) and all(_told_by(one, other) for one in (rows, side)):
            by_rows, by_side = queries.counted(survey, other, rows, side), queries.counted(survey, other, side)
            if gives_away(by_rows, by_side, small, minimum_for(side)):
                return GIVES_AWAY
    return arranged(rows, side, found, totals, ground)


def _people(found: Counter[tuple[Value, ...]]) -> Counter[Value]:
    return Counter({value: number for (value,), number in found.items()})


def _few(variable: Variable, found: Counter[Value]) -> bool:
    """Whether so few answered that not even the figures of the question by itself are published."""
    return variable.question is not None and sum(
        number for value, number in found.items() if not isinstance(value, str)) < MINIMUM


def _told_by(variable: Variable, other: Variable) -> bool:
    """Whether its figures are published by the other one: by municipality those of choices are."""
    return variable.question is not None and (other.key != PLACE or variable.counted_by_place)


def unsafe(found: Counter[tuple[Value, ...]], totals: Counter[Value],
           minimum: int) -> dict[tuple[Value, Value], int]:
    """The small figures, each with how wide it is left by the figures of both variables by themselves."""
    lines = _lines(found)
    everybody = totals.total()
    return {(line, column): min(of_line, of_column) - max(0, of_line + of_column - everybody)
            for line, of_line in lines.items() for column, of_column in totals.items()
            if found[line, column] < minimum}


def _lines(found: Counter[tuple[Value, ...]]) -> Counter[Value]:
    lines: Counter[Value] = Counter()
    for (value, _side), number in found.items():
        lines[value] += number
    return lines


def gives_away(by_rows: Counter[tuple[Value, ...]], by_side: Counter[tuple[Value, ...]],
               small: dict[tuple[Value, Value], int], minimum: int) -> bool:
    """Whether the tables of both variables by a third one leave a small figure less wide than it must be.

    `by_rows` counts by the third, the rows and the side, `by_side` by the third and the side. The two tables bound
    the figure from both sides: Fréchet's bounds, summed over the values of the third variable.
    """
    lines: Counter[tuple[Value, Value]] = Counter()
    people: Counter[Value] = Counter()
    for (other, line, _column), number in by_rows.items():
        lines[other, line] += number
    for (other, _column), number in by_side.items():
        people[other] += number
    for (line, column), width in small.items():
        pairs = [(lines[other, line], by_side[other, column], number) for other, number in people.items()]
        high = sum(min(of_line, of_column) for of_line, of_column, _number in pairs)
        low = sum(max(0, of_line + of_column - number) for of_line, of_column, number in pairs)
        if high - low < min(minimum, width):
            return True
    return False


def arranged(rows: Variable, side: Variable, found: Counter[tuple[Value, ...]], totals: Counter[Value],
             ground: Ground) -> Crossing:
    """The figures in their order, with what must be kept back; without values that nobody has."""
    minimum, lines = minimum_for(side), _lines(found)
    row_values = tuple(value for value, _label in rows.values if lines[value])
    side_values = tuple(value for value, _label in side.values if totals[value])
    cells = [[found[line, column] for column in side_values] for line in row_values]
    ceilings = [totals[column] for column in side_values]
    if rows.exclusive and side.order < rows.order:
        kept = protected([list(line) for line in zip(*cells, strict=True)], exclusive=True,
                         ceilings=[lines[value] for value in row_values], minimum=minimum)
        shown = [list(figures) for figures in zip(*kept, strict=True)]
    else:
        shown = protected(cells, exclusive=rows.exclusive, ceilings=ceilings, minimum=minimum)
    known = _totals(side, side_values, ceilings, ground, minimum)
    shown = [[figure if total is not None else None for figure, total in zip(line, known, strict=True)]
             for line in shown]
    return Crossing(rows, side, row_values, side_values, shown, [lines[value] for value in row_values], known,
                    totals.total())


def _totals(side: Variable, values: Sequence[Value], totals: Sequence[int], ground: Ground,
            minimum: int) -> list[int | None]:
    """Of whom nothing is published by themselves, nothing is told here: neither how many nor what they answered."""
    if side.key == PLACE:
        return [ground.shown.get(int(value)) for value in values]
    if side.key == CATEGORY:
        kept = disclosure.protect([[total] for total in totals], minimum, row_totals=False)
        return [total for (total,) in kept]
    return list(totals)


def by_party(table: Crossing, side: Variable) -> Crossing:
    """Organisations together and everybody else, from what the table by category shows."""
    at = table.side_values.index(CITIZEN) if CITIZEN in table.side_values else None

    def parted(line: Sequence[int | None], total: int) -> list[int | None]:
        citizens = 0 if at is None else line[at]
        return [None, None] if citizens is None else [total - citizens, citizens]

    return Crossing(
        table.rows, side, table.row_values, tuple(value for value, _label in side.values),
        [parted(line, total) for line, total in zip(table.cells, table.row_totals, strict=True)], table.row_totals,
        parted(table.totals, table.everybody), table.everybody)


def counts(crossing: Crossing) -> Table:
    """The figures themselves, with the totals of rows and columns."""
    rows = [Row(label=crossing.rows.called(value), values=(*line, total))
            for value, line, total in zip(crossing.row_values, crossing.cells, crossing.row_totals, strict=True)]
    rows.append(Row(label=everywhere(_l("Filled-in surveys")), values=(*crossing.totals, crossing.everybody),
                    total=True))
    return Table(
        code="counts", rows=tuple(rows), heading=everywhere(_l("Answer")),
        caption=everywhere(_l("%(question)s By: %(side)s", question=crossing.rows.label, side=crossing.side.label)),
        columns=(*(Column(label=crossing.side.called(value)) for value in crossing.side_values),
                 Column(label=everywhere(_l("All")))))


def shares(crossing: Crossing, *, of_rows: bool) -> Table:
    """Shares of each column, or of each row, where at least ten people stand behind them."""
    rows = []
    for value, line, total in zip(crossing.row_values, crossing.cells, crossing.row_totals, strict=True):
        bases = [total] * len(line) if of_rows else crossing.totals
        rows.append(Row(label=_marked(crossing.rows.called(value), total if of_rows else None),
                        values=tuple(map(_share, line, bases))))
    columns = tuple(Column(label=_marked(crossing.side.called(value), None if of_rows else total), unit="share")
                    for value, total in zip(crossing.side_values, crossing.totals, strict=True))
    caption = _l("%(question)s Shares of each row", question=crossing.rows.label) if of_rows else _l(
        "%(question)s Shares of each column", question=crossing.rows.label)
    return Table(code="shares", rows=tuple(rows), heading=everywhere(_l("Answer")), caption=everywhere(caption),
                 columns=columns)


def _share(figure: int | None, base: int | None) -> Cell:
    if figure is None or base is None:
        return None
    return round(figure / base, 4) if base >= LEAST_FOR_SHARES else "–"


def _marked(label: Localized, base: int | None) -> Localized:
    """A label that says where few people stand behind its shares."""
    return everywhere(_l("%(name)s (under 30)", name=label)) if base is not None and base < FEW else label
