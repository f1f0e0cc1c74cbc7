"""Figures as tables, charts drawn from them, and the sheet in which an activity answers with both.

A chart never stands without its table: both come from the same `Table`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal

from flask import render_template
from flask_babel import format_currency, format_decimal, format_percent
from flask_babel import gettext as _

from consult.core.languages import Localized

Unit = Literal["count", "share", "number", "money", "text"]
Value = int | float | str | Localized | None
"""A cell; None is a figure kept back because fewer than five people stand behind it. Shares lie between 0 and 1."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of figures, and how its cells are to be written."""

    label: Localized
    unit: Unit = "count"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a table: what it is about, and one value for each column."""

    label: Localized
    values: tuple[Value, ...]
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures with a caption. `chart` says whether bars of the first column are drawn above it."""

    code: str
    caption: Localized
    heading: Localized
    """What the rows are: the heading of the first column."""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: bool = False
    note: Localized = field(default_factory=Localized)

    @property
    def suppressed(self) -> bool:
        """True if some figure is kept back."""
        return any(value is None for row in self.rows for value in row.values)

    @property
    def further(self) -> bool:
        """True for what is told further of something that a table above it is about, as its code says."""
        return self.code.count("-") > 1

    def decimals(self, at: int) -> int:
        """With how many decimals the numbers of a column are written: alike, where most of them have some."""
        if self.columns[at].unit != "number":
            return 0
        values = [row.values[at] for row in self.rows if isinstance(row.values[at], int | float)]
        found = [len(f"{value:.2f}".rstrip("0").partition(".")[2]) for value in values]
        return max(found) if 2 * sum(map(bool, found)) > len(found) else 0


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """One figure that tells most."""

    label: Localized
    value: int | float
    unit: Unit = "count"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What an activity answers with: key figures, tables, texts, method, and by which channels it came in."""

    kind: str
    title: Localized
    figures: tuple[KeyFigure, ...]
    tables: tuple[Table, ...]
    method: Localized
    channels: Mapping[str, int]
    conclusion: Localized = field(default_factory=Localized)
    """In words: what came out, and what decided a tie."""
    source: Mapping[str, Any] = field(default_factory=dict)
    """What the figures were counted from: activity, code of the process, opening and closing."""

    def as_json(self) -> str:
        """The one canonical text of a sheet: sorted keys, no spaces, UTF-8. Its SHA-256 identifies it."""
        return json.dumps(_plain(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Sheet":
        """The sheet that `as_json` wrote."""
        raw = json.loads(text)
        return cls(
            kind=raw["kind"], title=Localized(raw["title"]), method=Localized(raw["method"]),
            conclusion=Localized(raw["conclusion"]), channels=raw["channels"], source=raw["source"],
            figures=tuple(KeyFigure(label=Localized(f["label"]), value=f["value"], unit=f["unit"])
                          for f in raw["figures"]),
            tables=tuple(_table(t) for t in raw["tables"]))


Counting = Callable[[Any], Sheet]
_countings: dict[str, Counting] = {}


def counted_by(kind: str) -> Callable[[Counting], Counting]:
    """Have a function count the activities of a kind, from their rows and never from counters."""

    def register(counting: Counting) -> Counting:
        _countings[kind] = counting
        return counting

    return register


def countable(activity: Any) -> bool:
    """True for an activity that answers with a sheet."""
    return activity.kind in _countings


def count(activity: Any) -> Sheet:
    """Count an activity now. Raises KeyError where nobody knows how."""
    return _countings[activity.kind](activity)


def _plain(thing: Any) -> Any:
    if hasattr(thing, "__dataclass_fields__"):
        return {name: _plain(getattr(thing, name)) for name in thing.__dataclass_fields__}
    if isinstance(thing, Mapping):
        return {str(key): _plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_plain(item) for item in thing]
    return thing


def _table(raw: dict[str, Any]) -> Table:
    return Table(
        code=raw["code"], caption=Localized(raw["caption"]), heading=Localized(raw["heading"]),
        columns=tuple(Column(label=Localized(c["label"]), unit=c["unit"]) for c in raw["columns"]),
        rows=tuple(Row(label=Localized(r["label"]), total=r["total"], values=tuple(
            Localized(value) if isinstance(value, dict) else value for value in r["values"])) for r in raw["rows"]),
        chart=raw["chart"], note=Localized(raw["note"]))


@dataclass(frozen=True)
class Bar:
    """A bar to be drawn: its words, its length between 0 and 1, and where it stands."""

    label: str
    figure: str
    length: float
    y: int


DIVIDED = frozenset({"grades", "scores"})
"""Codes of tables whose columns are the parts of one whole, row by row: drawn divided, and never by the first alone."""
BAR_STEP = 52
"""Height of one bar with its label, in units of the drawing, which is 640 wide."""


def bars(labels: Sequence[str], values: Sequence[float | None], figures: Sequence[str]) -> list[Bar]:
    """Horizontal bars from zero, the longest as wide as the drawing; a figure kept back has no bar.

    What is below nothing has a bar as long as it is far from it: its figure beside it tells the sign.
    """
    longest = max((abs(value) for value in values if value), default=0) or 1
    return [Bar(label, figure, abs(value or 0) / longest, index * BAR_STEP)
            for index, (label, value, figure) in enumerate(zip(labels, values, figures, strict=True))]


def bars_of(table: Table, *, most: int = 1000) -> list[Bar]:
    """The first column of a table as bars, without the totals; labels of at most so many characters.

    Needs an application context: figures are written in the reader's language.
    """
    unit = table.columns[0].unit
    rows = [row for row in table.rows if not row.total]
    values = [row.values[0] if isinstance(row.values[0], int | float) else None for row in rows]
    return bars([_shortened(str(row.label), most) for row in rows], values,
                [written(row.values[0], unit, table.decimals(0)) for row in rows])


@dataclass(frozen=True)
class Stack:
    """A row of a table as one bar, whole when its shares add up to the whole."""

    label: str
    parts: Sequence["Part"]


@dataclass(frozen=True)
class Part:
    """A share of a bar: its words, where it begins and how long it is, between 0 and 1."""

    label: str
    figure: str
    start: float
    length: float


def stacks_of(table: Table) -> list[Stack]:
    """The rows of a table as bars of shares, where its columns are one whole and then pairs of a count and its share.

    None where some figure is kept back, or where several could be chosen, so that shares add up to more.
    Needs an application context: figures are written in the reader's language.
    """
    if table.code in DIVIDED:
        return _divided(table)
    pairs = list(range(1, len(table.columns), 2))
    if [column.unit for column in table.columns] != ["count", *["count", "share"] * len(pairs)] or len(pairs) < 2:
        return []
    found = []
    for row in (row for row in table.rows if not row.total):
        shares = [share for share in row.values[2::2] if isinstance(share, int | float)]
        if len(shares) < len(pairs) or abs(sum(shares) - 1) > 0.01:
            return []
        found.append(Stack(str(row.label), [
            Part(str(table.columns[at].label), written(share, "share"), sum(shares[:number]), share)
            for number, (at, share) in enumerate(zip(pairs, shares, strict=True))]))
    return found


def _divided(table: Table) -> list[Stack]:
    """The rows of a table each as a bar divided by all its counts; none where some is kept back, or below nothing."""
    names, found = [str(column.label) for column in table.columns], []
    for row in table.rows:
        counts = [value for value in row.values if isinstance(value, int | float)]
        if len(counts) < len(names) or min(counts, default=0) < 0:
            return []
        shares = [count / (sum(counts) or 1) for count in counts]
        found.append(Stack(str(row.label), [
            Part(name, f"{written(count, 'count')} ({written(share, 'share')})", sum(shares[:at]), share)
            for at, (name, count, share) in enumerate(zip(names, counts, shares, strict=True))]))
    return found


PARTS_IN_LINE = 4
"""Parts of a divided bar that are named side by side in a document."""


def svg(table: Table) -> str:
    """The first column of a table as bars, or its rows as divided bars, drawn for documents.

    Needs an application context: figures are written in the reader's language.
    """
    if stacks := stacks_of(table) if table.code in DIVIDED else []:
        step = BAR_STEP + 18 * ceil(len(stacks[0].parts) / PARTS_IN_LINE)
        return render_template("components/stacks.svg", stacks=stacks, step=step, height=len(stacks) * step,
                               title=str(table.caption), wide=PARTS_IN_LINE)
    drawn = bars_of(table, most=78)
    return render_template("components/bars.svg", bars=drawn, height=len(drawn) * BAR_STEP or BAR_STEP,
                           title=str(table.caption))


def written(value: Value, unit: Unit, decimals: int = 0) -> str:
    """A cell in the form of the reader's language; a number with at least so many decimals."""
    if value is None:
        return str(_("n. s."))
    if isinstance(value, str | Localized):
        return str(value)
    if unit == "share":
        return str(format_percent(value, "#,##0.0 %"))
    if unit == "money":
        return str(format_currency(value, "EUR", "#,##0 ¤", currency_digits=False))
    return str(format_decimal(value, "#,##0." + "0" * decimals + "#" * (2 - decimals)))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
