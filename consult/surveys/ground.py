"""Where submissions came from, and what may be said of each place beside what is said of all."""

from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import disclosure
from consult.core.charts import Column, Row, Table, Unit, Value
from consult.core.languages import Localized, everywhere
from consult.surveys.queries import ELSEWHERE, Places
from consult.territory.models import Municipality


class Ground:
    """Where the submissions came from: the places in their order, and what may be said of each."""

    def __init__(self, municipalities: Sequence[Municipality], submissions: Places, *, told: bool = True) -> None:
        self.told = told
        self.populations = {place.id: place.population for place in municipalities}
        self.names = {place.id: Localized.of(place.name) for place in municipalities}
        self.names[ELSEWHERE] = everywhere(_l("Elsewhere or not stated"))
        self.submissions = self.by_place(submissions)
        self.places = [id for id in self.names if self.submissions[id] or id != ELSEWHERE]
        self.present = [id for id in self.places if self.submissions[id]]
        self.broken_down = told and len(self.present) > 1
        self.shown = self.alone(self.submissions)

    def by_place(self, counts: Places) -> Places:
        """Counts by the places of this ground: every other municipality is elsewhere."""
        known = Places()
        for id, number in counts.items():
            known[id if id in self.names else ELSEWHERE] += number
        return known

    def alone(self, counts: Places) -> dict[int, int | None]:
        """One figure for each place, beside their known sum, as may be published."""
        present = [id for id in self.places if counts[id]]
        cells = disclosure.protect([[counts[id]] for id in present], row_totals=False)
        return {id: cell for id, (cell,) in zip(present, cells, strict=True)}

    def table(self) -> Table:
        """Submissions by municipality."""
        total = self.submissions.total()
        rows = []
        for id in self.places:
            number, residents = self.shown.get(id), self.populations.get(id)
            values: tuple[Value, ...] = (None, None, None) if number is None else (
                number, round(number / total, 4), round(number * 1000 / residents, 1) if residents else "–")
            rows.append(Row(label=self.names[id], values=values))
        return Table(
            code="places", caption=everywhere(_l("Where the answers come from")),
            heading=everywhere(_l("Municipality")), chart=True, rows=tuple(rows),
            columns=(column(_l("Filled-in surveys")), column(_l("Share of all"), "share"),
                     column(_l("For every 1,000 residents"), "number")))

    def crossed(self, rows: Sequence[tuple[Localized, Places]], *, exclusive: bool) -> list[Row]:
        """Figures by place as may be published beside the sums of the rows and the submissions of each place.

        `exclusive` where every submission stands in exactly one row. Of a place whose submissions are kept back
        nothing is told: its figures would add up to them.
        """
        figures = [self.by_place(counts) for _label, counts in rows]
        kept = protected([[counts[id] for id in self.places] for counts in figures], exclusive=exclusive,
                         ceilings=[self.submissions[id] for id in self.places])
        return [Row(label=label, values=tuple(figure if self.shown.get(id) is not None else None
                                              for id, figure in zip(self.places, line, strict=True)))
                for (label, _counts), line in zip(rows, kept, strict=True)]


def protected(cells: Sequence[Sequence[int]], *, exclusive: bool, ceilings: Sequence[int],
              minimum: int = disclosure.MINIMUM) -> list[list[int | None]]:
    """Cells as may be published beside the sums of their rows and how many people each column is about.

    `exclusive` where everybody of a column stands in exactly one row. Rows without anybody and columns without people
    are kept back whole, and take nothing with them: that they are empty is known from their totals.
    """
    lines = [at for at, line in enumerate(cells) if sum(line)]
    columns = [at for at, ceiling in enumerate(ceilings) if ceiling]
    inner = [[cells[line][column] for column in columns] for line in lines]
    kept = disclosure.protect(inner, minimum) if exclusive else disclosure.protect(
        inner, minimum, column_totals=False, ceilings=[ceilings[column] for column in columns])
    shown: list[list[int | None]] = [[None] * len(ceilings) for _ in cells]
    for line, figures in zip(lines, kept, strict=True):
        for at, figure in zip(columns, figures, strict=True):
            shown[line][at] = figure
    return shown


def column(label: LazyString, unit: Unit = "count") -> Column:
    """A column with its heading in every language."""
    return Column(label=everywhere(label), unit=unit)
