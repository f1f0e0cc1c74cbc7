"""Papers as a table with a line for each: any program of tables reads and writes it."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.methods.formats.exchanged import Exchange, UnreadableError
from consult.methods.interface import Marks, Option, Paper, Rules

MUNICIPALITY, CHANNEL, TIMES = "municipality", "channel", "papers"
OWN = (MUNICIPALITY, CHANNEL, TIMES)
DELIMITERS = ",;\t"


def read(text: str, rules: Rules | None = None) -> Exchange:
    """Papers from a table with a column for each option; raises UnreadableError with the line.

    Under the code of an option stands its mark, or nothing where the paper leaves it out. Columns `municipality`,
    `channel` and `papers` (how many such papers) may be there. Without rules, the options are those of the header,
    and their papers are approvals.
    """
    first, _newline, _rest = text.removeprefix("\ufeff").partition("\n")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=max(DELIMITERS, key=first.count))
    rows = _rows(reader)
    _line, names = next(rows, (0, None))
    if names is None:
        raise UnreadableError(_l("The file is empty."))
    head = [name.strip() for name in names]
    rules = _ruled(head, rules)
    places: dict[str, int] = {}
    read_so_far: dict[tuple[str, ...], Marks] = {}
    papers = [_paper(line, dict(zip(head, row, strict=False)), rules, places, read_so_far) for line, row in rows]
    return Exchange(rules=rules, titles={code: code for code in rules.codes}, papers=papers,
                    places={number: name for name, number in places.items()})


def _rows(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows in which something stands, one by one, each with its line."""
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UnreadableError(_l("Line %(line)s cannot be read as a table.", line=reader.line_num)) from error


def _ruled(head: Sequence[str], rules: Rules | None) -> Rules:
    codes = [name for name in head if name not in OWN]
    if len(set(head)) < len(head) or not codes:
        raise UnreadableError(_l("Line 1 must name each option once: its code is the heading of its column."))
    if rules is None:
        return Rules(method="approval", options=tuple(Option(code=code) for code in codes), minimum=0,
                     maximum=len(codes))
    for code in codes:
        if code not in rules.costs:
            raise UnreadableError(_l("Line %(line)s: there is no option “%(code)s”.", line=1, code=code))
    return rules


def _paper(line: int, row: dict[str, str], rules: Rules, places: dict[str, int],
           read_so_far: dict[tuple[str, ...], Marks]) -> Paper:
    """The paper of a row; those that say the same have the same marks, as one object."""
    said = tuple(row.get(code, "").strip() for code in rules.codes)
    if said not in read_so_far:
        read_so_far[said] = {code: _whole(line, code, text) for code, text in zip(rules.codes, said, strict=True)
                             if text}
    place = row.get(MUNICIPALITY, "").strip()
    times = row.get(TIMES, "").strip()
    return Paper(marks=read_so_far[said], place=places.setdefault(place, len(places) + 1) if place else None,
                 channel=row.get(CHANNEL, "").strip() or "online", times=_whole(line, TIMES, times) if times else 1)


def _whole(line: int, column: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError as error:
        raise UnreadableError(_l("Line %(line)s: in the column “%(column)s” there is “%(text)s”, which is not a whole "
                                 "number.", line=line, column=column, text=text)) from error
    if column == TIMES and number < 1:
        raise UnreadableError(_l("Line %(line)s: a line stands for at least one paper.", line=line))
    return number


def write(exchange: Exchange) -> str:
    """The table of a ballot's papers; papers that stand together stay together."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*exchange.rules.codes, *OWN])
    table.writerows([*_cells(exchange.rules, paper.marks),
                     exchange.places.get(paper.place, "") if paper.place is not None else "", paper.channel,
                     paper.times] for paper in exchange.papers)
    return out.getvalue()


def _cells(rules: Rules, marks: Marks) -> list[int | str]:
    return [marks.get(code, "") for code in rules.codes]


def rules_of(exchange: Exchange) -> str:
    """The rules and titles of a ballot as JSON, to lie beside the table: with both it can be counted again."""
    rules = exchange.rules
    return json.dumps({
        "method": rules.method, "minimum": rules.minimum, "maximum": rules.maximum, "budget": rules.budget,
        "parameters": dict(rules.parameters), "seed": rules.seed, "options": [
            {"code": option.code, "title": exchange.titles[option.code], "cost": option.cost, "group": option.group}
            for option in rules.options]}, ensure_ascii=False, indent=2, sort_keys=True)
