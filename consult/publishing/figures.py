"""The frozen results of activities as charts with their tables, with method and hash."""

from collections.abc import Iterator, Sequence

from flask_babel import format_datetime, format_decimal
from flask_babel import gettext as _

from consult.core import charts
from consult.core.charts import Sheet
from consult.core.personal_words import masked
from consult.publishing.document import Block, Figure, Heading, Paragraph, Table, words
from consult.publishing.queries import Frozen
from consult.results.words import CHANNELS


def number(value: float) -> str:
    """A figure in the form of the language."""
    return str(format_decimal(value))


def part(results: Sequence[Frozen]) -> Iterator[Block]:
    """The chapter; nothing where no results are frozen."""
    if not results:
        return
    yield Heading(level=1, text=str(_("Results of the activities")), page=True)
    for frozen in results:
        yield from sheet(frozen)


def sheet(frozen: Frozen, *, anchor: str = "") -> Iterator[Block]:
    """The results of one activity: what came out, key figures, charts and tables, and how they were counted."""
    told = frozen.sheet
    yield Heading(level=2, text=str(told.title), anchor=anchor)
    yield Paragraph(spans=words(str(frozen.phase)), small=True)
    if str(told.conclusion):
        yield Paragraph(spans=words(str(told.conclusion)))
    yield from key_figures(told)
    for table in told.tables:
        yield from drawn(table)
    yield from _provenance(frozen, told)


def key_figures(told: Sheet) -> Iterator[Table]:
    """The figures that tell most, as a table; nothing where there are none."""
    if told.figures:
        yield Table(
            caption=str(_("Key figures: %(activity)s", activity=told.title)),
            header=(str(_("What")), str(_("Number"))),
            rows=tuple((words(str(f.label)), words(charts.written(f.value, f.unit))) for f in told.figures),
            align=("left", "right"), widths=(.75, .25))


def _provenance(frozen: Frozen, sheet: Sheet) -> Iterator[Block]:
    if str(sheet.method):
        yield Paragraph(small=True, spans=(*words(str(_("How it was counted:")), bold=True),
                                           *words(f" {sheet.method}")))
    if sheet.channels:
        came = "; ".join(f"{CHANNELS.get(channel, channel)}: {number(count)}"
                         for channel, count in sheet.channels.items())
        yield Paragraph(small=True, spans=(*words(str(_("How it came in:")), bold=True), *words(f" {came}")))
    yield Paragraph(small=True, spans=words(str(_(
        "Frozen on %(when)s. SHA-256 of the results: %(hash)s",
        when=format_datetime(frozen.frozen_at, "d MMMM y, HH:mm"), hash=frozen.sha256))))


def drawn(table: charts.Table) -> Iterator[Block]:
    """A chart, where the table asks for one, and the table; texts that people typed lose what reveals a person."""
    if (table.chart or table.code in charts.DIVIDED) and any(not row.total for row in table.rows):
        caption = str(_("Chart: %(caption)s", caption=table.caption))
        yield Figure(svg=charts.svg(table), caption=caption, alt=in_words(table))
    first = .4 if len(table.columns) > 1 else .7
    yield Table(
        caption=str(table.caption), header=(str(table.heading), *(str(c.label) for c in table.columns)),
        rows=tuple(
            (words(str(row.label), bold=row.total),
             *(words(_cell(value, column.unit, table.decimals(at)), bold=row.total)
               for at, (value, column) in enumerate(zip(row.values, table.columns, strict=True))))
            for row in table.rows),
        align=("left", *("left" if column.unit == "text" else "right" for column in table.columns)),
        widths=(first, *((1 - first) / len(table.columns) for _column in table.columns)))
    kept_back = _("n. s.: not shown, because fewer than five people stand behind the figure or because it would give "
                  "such a figure away.")
    for note in (str(table.note), str(kept_back) if table.suppressed else ""):
        if note:
            yield Paragraph(spans=words(note), small=True)


def _cell(value: charts.Value, unit: charts.Unit, decimals: int) -> str:
    said = charts.written(value, unit, decimals)
    return masked(said) if unit == "text" else said


def in_words(table: charts.Table) -> str:
    """A chart for whoever does not see it: each bar with its figure, or with all its parts."""
    if stacks := charts.stacks_of(table) if table.code in charts.DIVIDED else []:
        bars = "; ".join(f"{stack.label}: {', '.join(f'{part.label} {part.figure}' for part in stack.parts)}"
                         for stack in stacks)
        return str(_("Bar chart. %(caption)s. %(bars)s.", caption=table.caption, bars=bars))
    unit = table.columns[0].unit
    bars = "; ".join(f"{row.label}: {charts.written(row.values[0], unit, table.decimals(0))}"
                     for row in table.rows if not row.total)
    return str(_("Bar chart. %(caption)s. %(bars)s.", caption=table.caption, bars=bars))
