"""Tables as files that spreadsheet programs open well, and that cannot make them run anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from consult.core.charts import Table, Value
from consult.core.languages import Localized

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a cell must not begin with: a program would take it for a formula."""

POINT = frozenset({"en"})
"""Languages that write decimals with a point; the others write a comma, so columns are parted by semicolons."""


def as_csv(rows: Iterable[Sequence[object]], language: str) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, parted as spreadsheets in a language expect."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter="," if language in POINT else ";", lineterminator="\r\n")
    writer.writerows([[cell(value, language) for value in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def cell(value: object, language: str) -> str:
    """A value as the text of a cell: numbers as the language writes them, texts never as formulas."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return harmless(value.in_language(language) if isinstance(value, Localized) else str(value))
    text = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return text if language in POINT else text.replace(".", ",")


def harmless(text: str) -> str:
    """A text with an apostrophe before it where it could be taken for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def table_as_csv(table: Table, language: str, kept_back: str) -> bytes:
    """A table with its headings; `kept_back` stands for figures that are not shown. Shares lie between 0 and 1."""
    head: list[object] = [table.heading, *(column.label for column in table.columns)]
    body = [[row.label, *(_shown(value, kept_back) for value in row.values)] for row in table.rows]
    return as_csv([head, *body], language)


def _shown(value: Value, kept_back: str) -> object:
    return kept_back if value is None else value
