"""Files of answers, written while they are read. No cell is ever a formula."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from flask_babel import gettext as _

from consult.core import spreadsheet
from consult.core.languages import Localized
from consult.core.later import xlsxwriter
from consult.microdata.columns import Column, Layout, Value
from consult.microdata.reading import Filled

Row = Sequence[Value]
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 1_048_575, 16_384, 32_767
"""What a sheet of a workbook can hold beside its heading."""
LONGEST_STRING, LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_CODE = 32_767, 250, 120, 40
"""Bytes, in SPSS."""
CODEBOOK = ("column", "question", "text", "kind", "code", "label")


class TooLargeError(Exception):
    """More than the format can hold."""


class Writer(Protocol):
    """Takes what is read piece by piece, and is closed at the end."""

    def add(self, filled: Sequence[Filled], rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


def row(layout: Layout, filled: Filled) -> Row:
    """What stands in all columns for one submission."""
    said: list[Value] = [filled.number, filled.municipality, filled.municipality_name, filled.channel.value,
                         filled.version]
    if len(layout.before) > len(said):
        said.append(filled.submitted_at)
    return [*said, *layout.cells(filled.given)]


def harmless(text: str) -> str:
    """A text that no program takes for a formula; `typed` has it back as it was."""
    return f"'{text}" if text.startswith("'") else spreadsheet.harmless(text)


def typed(text: str) -> str:
    """The text that `harmless` was given. Of what people write with an apostrophe nothing is taken away."""
    bare = text[1:]
    return bare if text.startswith("'") and harmless(bare) == text else text


def plain(value: float) -> str:
    """A number with a point and as many digits as it needs."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def codebook(layout: Layout, language: str) -> Iterable[Sequence[str]]:
    """What each column means: a line for it, and one more for each further code that may stand in it."""
    yield CODEBOOK
    for column in layout.all:
        about = (column.name, column.question.code if column.question else "", column.text.in_language(language),
                 column.kind)
        for code, label in column.labels or (("", Localized()),):
            yield *about, code, label.in_language(language)


class _Text:
    """A CSV file in UTF-8 with a byte order mark."""

    def __init__(self, path: Path, language: str) -> None:
        self._comma = "." if language in spreadsheet.POINT else ","
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter="," if self._comma == "." else ";", lineterminator="\r\n")

    def write(self, row: Iterable[Value]) -> None:
        self._writer.writerow([self._cell(value) for value in row])

    def _cell(self, value: Value) -> str:
        if value is None:
            return ""
        return harmless(value) if isinstance(value, str) else plain(value).replace(".", self._comma)

    def close(self) -> None:
        self._file.close()


class Csv:
    """The answers with their codebook beside them, parted as spreadsheet programs in the language expect."""

    def __init__(self, folder: Path, layout: Layout, language: str) -> None:
        beside = _Text(folder / f"{_('codebook')}.csv", language)
        for line in codebook(layout, language):
            beside.write(line)
        beside.close()
        self._file = _Text(folder / f"{_('answers')}.csv", language)
        self._file.write([column.name for column in layout.all])

    def add(self, filled: Sequence[Filled], rows: Sequence[Row]) -> None:
        for each in rows:
            self._file.write(each)

    def close(self) -> None:
        self._file.close()


class Xlsx:
    """A workbook with a sheet of answers and one with the codebook, written row by row.

    Raises TooLargeError for more rows or columns than a sheet holds.
    """

    def __init__(self, folder: Path, layout: Layout, language: str) -> None:
        if len(layout.all) > MOST_COLUMNS:
            raise TooLargeError(f"{len(layout.all)} columns")
        self._book = xlsxwriter.Workbook(str(folder / f"{_('answers')}.xlsx"), {
            "constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False})
        self._sheet, beside = (self._book.add_worksheet(name) for name in (_("answers"), _("codebook")))
        self._strong = self._book.add_format({"bold": True})
        for at, line in enumerate(codebook(layout, language)):
            self._write(beside, at, line)
        beside.set_column(2, 2, 60)
        self._sheet.freeze_panes(1, 1)
        self._write(self._sheet, 0, [column.name for column in layout.all])
        self._written = 0

    def _write(self, sheet: Any, at: int, line: Iterable[Value]) -> None:
        for column, value in enumerate(line):
            if isinstance(value, str):
                if value:
                    sheet.write_string(at, column, harmless(value)[:LONGEST_CELL], None if at else self._strong)
            elif value is not None:
                sheet.write_number(at, column, value)

    def add(self, filled: Sequence[Filled], rows: Sequence[Row]) -> None:
        if self._written + len(rows) > MOST_ROWS:
            raise TooLargeError(f"more than {MOST_ROWS} rows")
        for each in rows:
            self._written += 1
            self._write(self._sheet, self._written, each)

    def close(self) -> None:
        self._book.close()


class Json:
    """One object with the definition of the questionnaire and the answers, each submission on a line of its own."""

    def __init__(self, folder: Path, definition: Mapping[str, Any]) -> None:
        self._file = (folder / f"{_('answers')}.json").open("w", encoding="utf-8")
        self._file.write(f'{{"definition": {json.dumps(definition, ensure_ascii=False)},\n"submissions": [')
        self._begun = False

    def add(self, filled: Sequence[Filled], rows: Sequence[Row]) -> None:
        for each in filled:
            said = {"line": each.number, "municipality": each.municipality, "channel": each.channel.value,
                    "version": each.version, "answers": each.given}
            if each.submitted_at:
                said["submitted_at"] = each.submitted_at
            self._file.write((",\n" if self._begun else "\n") + json.dumps(said, ensure_ascii=False))
            self._begun = True

    def close(self) -> None:
        self._file.write("\n]}\n")
        self._file.close()


class Spss:
    """A syntax file that reads the data file beside it, and names what stands in it.

    The program knows no line breaks within a text: in this file they are spaces.
    """

    DATA = "spss.csv"

    def __init__(self, folder: Path, layout: Layout, language: str) -> None:
        self._path, self._language, self._columns = folder / "spss.sps", language, layout.all
        self._widths = [1] * len(self._columns)
        self._file = (folder / self.DATA).open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._writer.writerow([column.name for column in self._columns])

    def add(self, filled: Sequence[Filled], rows: Sequence[Row]) -> None:
        for each in rows:
            self._writer.writerow([self._cell(at, value) for at, value in enumerate(each)])

    def _cell(self, at: int, value: Value) -> str:
        if not isinstance(value, str):
            return "" if value is None else plain(value)
        text = _cut(harmless(" ".join(value.split())), LONGEST_STRING)
        self._widths[at] = max(self._widths[at], len(text.encode()))
        return text

    def close(self) -> None:
        self._file.close()
        self._path.write_text(self._syntax(), encoding="utf-8-sig", newline="\r\n")

    def _syntax(self) -> str:
        text = io.StringIO()
        text.write(f"* Encoding: UTF-8.\nSET DECIMAL=DOT.\nGET DATA\n  /TYPE=TXT\n  /FILE='{self.DATA}'\n"
                   "  /ENCODING='UTF8'\n  /ARRANGEMENT=DELIMITED\n  /DELIMITERS=';'\n  /QUALIFIER='\"'\n"
                   "  /FIRSTCASE=2\n  /VARIABLES=\n")
        text.write("\n".join(f"    {column.name} {self._form(at, column)}"
                             for at, column in enumerate(self._columns)) + ".\n")
        for column in self._columns:
            text.write(f"VARIABLE LABELS {column.name} {_quoted(self._said(column.text), LONGEST_LABEL)}.\n")
        for column in self._columns:
            if column.labels:
                labels = "\n".join(
                    f"  {code if column.numeric else _quoted(code, LONGEST_CODE)} "
                    f"{_quoted(self._said(label), LONGEST_VALUE_LABEL)}" for code, label in column.labels)
                text.write(f"VALUE LABELS {column.name}\n{labels}.\n")
        text.write("EXECUTE.\n")
        return text.getvalue()

    def _said(self, text: Any) -> str:
        return str(text.in_language(self._language))

    def _form(self, at: int, column: Column) -> str:
        if not column.numeric:
            longest = max((len(code.encode()) for code, _label in column.labels), default=1)
            return f"A{max(self._widths[at], longest)}"
        return "F8.0" if column.kind in {"flag", "rank", "points"} or column.question is None else "F16.6"


def _quoted(text: str, most: int) -> str:
    """A text between apostrophes, on one line."""
    return "'" + _cut(" ".join(text.split()), most).replace("'", "''") + "'"


def _cut(text: str, most: int) -> str:
    """As much of a text as has room in so many bytes."""
    return text.encode()[:most].decode(errors="ignore")
