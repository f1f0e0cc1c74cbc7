"""Tables as files that spreadsheet programs open well, and that cannot make them run anything."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import blackout, richtext
from consult.core.charts import Table, Value
from consult.core.languages import Localized
from consult.core.later import openpyxl, xlsxwriter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a cell must not begin with: a program would take it for a formula."""

POINT = frozenset({"en"})
"""Languages that write decimals with a point; the others write a comma, so columns are parted by semicolons."""

MOST_BYTES = 8 * 1024 * 1024
"""How large a file that is read may be."""
_MOST_UNPACKED = 80 * 1024 * 1024
_MOST_PARTS = 500

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetError(ValueError):
    """A file that cannot be read as a table, with the sentence that says what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def as_csv(rows: Iterable[Sequence[object]], language: str) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark, parted as spreadsheets in a language expect."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter="," if language in POINT else ";", lineterminator="\r\n")
    writer.writerows([[cell(value, language) for value in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def cell(value: object, language: str) -> str:
    """A value as the text of a cell: numbers as the language writes them, texts never as formulas."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = value.in_language(language) if isinstance(value, Localized) else str(value)
        return harmless(blackout.plain(text, language))
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


def as_xlsx(rows: Sequence[Sequence[object]], *, language: str, widths: Sequence[int] = (),
            choices: Mapping[int, Sequence[str]] | None = None) -> bytes:
    """Rows as a workbook whose first row is the heading; `choices` are what may be filled in, by number of the column.

    Every text is written as a text: nothing in it is a formula or a link.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        strong, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    sheet.write_number(at, column, value)
                elif text := cell(value, language):
                    sheet.write_string(at, column, text[:32_000], wrapped if at else strong)
        sheet.freeze_panes(1, 1)
        for column, offered in (choices or {}).items():
            sheet.data_validation(1, column, max(1, len(rows) - 1), column, {
                "validate": "list", "source": list(offered), "error_type": "warning"})
    return target.getvalue()


def read(content: bytes, *, most_rows: int, most_columns: int = 60) -> list[list[str]]:
    """The rows of a CSV file or of the first sheet of a workbook, as texts; days as 2026-12-31. No formula is run.

    Raises SheetError for what is no table, is larger than it says, or has more rows than asked for.
    """
    rows = []
    for row in _workbook(content, most_columns) if content[:4] == b"PK\x03\x04" else _csv(content):
        cells = [_text(value) for value in row[:most_columns]]
        rows.append(cells if any(cells) else [])
        if len(rows) > most_rows + 1000:
            break
    while rows and not rows[-1]:
        rows.pop()
    if sum(map(bool, rows)) > most_rows:
        raise SheetError(_l("The file has more than %(most)d lines: send it in several parts.", most=most_rows))
    return rows


_UNREADABLE = _l("This file cannot be read. Send a CSV file, or an Excel workbook (.xlsx) without a password.")


def _workbook(content: bytes, most_columns: int) -> Iterator[Sequence[object]]:
    try:
        guard(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library leaves aside, such as pictures, is nothing to us
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True, max_col=most_columns)
    except (zipfile.BadZipFile, zlib.error, openpyxl.utils.exceptions.InvalidFileException, ParseError, KeyError,
            IndexError, ValueError, TypeError, AttributeError, OSError, EOFError, RuntimeError) as fault:
        if isinstance(fault, SheetError):
            raise
        raise SheetError(_UNREADABLE) from fault


def guard(content: bytes) -> None:
    """Unpack nothing that says it is, all in all, larger than any table sent here."""
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise SheetError(_l("This workbook is too large once unpacked: keep only the sheet with the lines."))


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    text = _decoded(content).replace("\0", "")
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as fault:
        raise SheetError(_UNREADABLE) from fault


def _decoded(content: bytes) -> str:
    """As spreadsheet programs write: UTF-8, UTF-16 with its mark, or the old code page of Windows."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return richtext.plain(str(value))
