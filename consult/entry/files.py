"""Filled-in questionnaires in a table: what each line says, or why it is not taken.

Columns are named as in the files of answers that are given out, or by the code of the question alone: where several
answers are possible, that one column may hold them all, parted by semicolons. Codes and labels are both understood.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.languages import Localized, everywhere
from consult.core.spreadsheet import SheetError
from consult.entry.services import WHERE, Keyed
from consult.microdata.columns import PREFER_NOT, Column, Layout, Part, gather, layout
from consult.microdata.writers import typed
from consult.processes import queries as processes
from consult.surveys.answers import ELSEWHERE_CODE, Given
from consult.surveys.judging import AnswerRefusedError, Judge
from consult.surveys.models import Question, QuestionKind, Survey

MOST_LINES, MOST_COLUMNS = 500, 2_000
"""So many lines are taken in some seconds, during which nobody else can write."""
PARTED = frozenset({QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING})
"""Kinds of which one column may hold several answers."""
PLACE, PLACE_NAME = "municipality", "municipality_name"
KEPT_BACK = "*"
"""Stands in cells of which it is only kept that something stood there."""
_NUMBER = re.compile(r"-?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_YES, _NO = {"1", "x", "true"}, {"0", "false"}
Row = Sequence[str]
Words = Mapping[str, str]
"""Codes by what may be written for them."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the file: what it says, or in which column it is refused and why."""

    number: int
    said: Keyed | None = None
    column: str = ""
    refusal: LazyString | None = None


@dataclass(frozen=True)
class Table:
    """The lines of a file, and which of its columns belong to nothing that is asked."""

    lines: Sequence[Line]
    left_aside: Sequence[str]

    @property
    def sound(self) -> list[Line]:
        return [line for line in self.lines if line.refusal is None]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.refusal is not None]


class LineRefusedError(ValueError):
    """A line that is not taken, with the sentence that says why."""

    def __init__(self, column: str, sentence: LazyString) -> None:
        super().__init__(column)
        self.column, self.sentence = column, sentence


def layout_of(survey: Survey) -> Layout:
    """The columns that a file of answers to a questionnaire may have."""
    return layout(survey, processes.municipalities(survey.phase.process))


def read(survey: Survey, rows: Sequence[Row]) -> Table:
    """What each line of a file says; empty ones say nothing. Raises SheetError where its heading cannot be used."""
    reader = _Reader(survey, rows[0] if rows else [])
    return Table([reader.line(number, row) for number, row in enumerate(rows[1:], 2) if any(row)], reader.left_aside)


def without_rest(survey: Survey, rows: Sequence[Row]) -> list[list[str]]:
    """The cells of a file without what stands in columns that belong to nothing that is asked: names, perhaps.

    Raises SheetError where its heading cannot be used.
    """
    used = _Reader(survey, rows[0] if rows else []).used
    return [list(row) if number == 0 else [cell if at in used or not cell else KEPT_BACK for at, cell in enumerate(row)]
            for number, row in enumerate(rows)]


class _Reader:
    def __init__(self, survey: Survey, head: Row) -> None:
        lines = layout_of(survey)
        names = [cell.strip().casefold() for cell in head]
        _demand_distinct(names)
        self._at = {name: at for at, name in enumerate(names) if name}
        self._questions, self._named = lines.questions, {column.name for column in lines.all}
        self._towns = _towns(survey)
        self._columns = {question.code: [(column, at) for column in lines.of[question.code]
                                         if (at := self._place_of(column)) is not None]
                         for question in lines.questions}
        self._whole = {question.code: self._at[question.code] for question in lines.questions
                       if question.kind in PARTED and question.code in self._at and question.code not in self._named}
        self.used = {at for columns in self._columns.values() for _column, at in columns} | set(self._whole.values())
        if not self.used:
            raise SheetError(_l("No column belongs to a question: the first line must name the columns by the codes "
                                "of the questions. Begin from the empty table that you can download here."))
        before = {column.name for column in lines.before}
        self.left_aside = [head[at] for name, at in self._at.items() if at not in self.used and name not in before]
        self.used |= {self._at[name] for name in (PLACE, PLACE_NAME) if name in self._at}
        self._names = _Names()
        self._judge = Judge(survey)

    def _place_of(self, column: Column) -> int | None:
        """Where a column stands: under its name, or under the code of the question whose whole answer it holds."""
        if column.name in self._at or column.part or column.question is None:
            return self._at.get(column.name)
        return self._at.get(column.question.code) if column.question.code not in self._named else None

    def line(self, number: int, row: Row) -> Line:
        try:
            given = {question.code: answer for question in self._questions
                     if (answer := self._answer(question, row)) is not None}
            return Line(number=number, said={WHERE: self._town(row), "answers": self._counting(given)})
        except LineRefusedError as fault:
            return Line(number=number, column=fault.column, refusal=fault.sentence)

    def _counting(self, given: Mapping[str, Given]) -> Mapping[str, Given]:
        try:
            counting = self._judge.counting(given)
        except AnswerRefusedError as fault:
            raise LineRefusedError(fault.code, fault.sentence) from fault
        if not counting:
            raise LineRefusedError("", _l("Nothing is answered on this line."))
        return counting

    def _town(self, row: Row) -> int | None:
        """Where whoever answered lives; None for elsewhere, and where it does not say."""
        for name in (PLACE, PLACE_NAME):
            if said := typed(_cell(row, self._at.get(name))):
                known = said.casefold() if said.casefold() in self._towns else said.lstrip("0")
                if known not in self._towns:
                    raise LineRefusedError(name, _l("“%(name)s” is none of the municipalities of the percorso.",
                                                    name=said[:40]))
                return self._towns[known]
        return None

    def _answer(self, question: Question, row: Row) -> Given | None:
        if question.kind is QuestionKind.FILE:
            return None
        parts: dict[Part, Any] = {}
        for column, at in self._columns[question.code]:
            parts.update(self._part(question, column, _cell(row, at)))
        if question.code in self._whole and not parts.get(PREFER_NOT):
            parts.update(self._part(question, None, _cell(row, self._whole[question.code])))
        try:
            return gather(question, parts)
        except ValueError as fault:
            raise LineRefusedError(question.code, _l("What stands here is no answer to this question.")) from fault

    def _part(self, question: Question, column: Column | None, cell: str) -> dict[Part, Any]:
        """What a cell says, of one column or of the whole answer. Raises LineRefusedError for what cannot stand there.
        """
        if not cell:
            return {}
        text = column is not None and column.kind == "text"
        if question.prefer_not and not text and cell.casefold() in self._names.refusing:
            return {PREFER_NOT: 1}
        try:
            return {column.part: _value(column, self._names.of(column.labels), cell)} if column else self._several(
                question, cell)
        except ValueError as fault:
            raise LineRefusedError(column.name if column else question.code, _l(
                "“%(cell)s” cannot stand in this column.", cell=cell[:40])) from fault

    def _several(self, question: Question, cell: str) -> dict[Part, Any]:
        names = self._names.of(tuple((option.code, option.label) for option in question.options))
        codes = [_code(names, part) for part in cell.replace("\n", ";").split(";") if part.strip()]
        if len(set(codes)) != len(codes):
            raise ValueError(question.code)
        ranked = question.kind is QuestionKind.RANKING
        return {("option", code): rank if ranked else 1 for rank, code in enumerate(codes, 1)}


class _Names:
    """What may be written for codes: the codes by themselves, and their labels in every language."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, str], ...], Words] = {}
        self.refusing = {said.casefold() for said in everywhere(_l("I prefer not to answer")).values()}

    def of(self, labels: Sequence[tuple[str, Localized]]) -> Words:
        """Codes by their names; a label that two of them have stands for neither."""
        key = tuple((code, str(sorted(label.items()))) for code, label in labels)
        if key not in self._known:
            self._known[key] = _words(labels)
        return self._known[key]


def _words(labels: Iterable[tuple[str, Localized]]) -> Words:
    found: dict[str, set[str]] = {}
    for code, label in labels:
        for said in label.values():
            found.setdefault(" ".join(said.casefold().split()), set()).add(code)
    return {**{said: next(iter(codes)) for said, codes in found.items() if len(codes) == 1},
            **{code.casefold(): code for code, _label in labels}}


def _code(names: Words, said: str) -> str:
    try:
        return names[" ".join(typed(said.strip()).casefold().split())]
    except KeyError:
        raise ValueError(said) from None


def _cell(row: Row, at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""


def _value(column: Column, names: Words, cell: str) -> Any:
    """What a cell says. Raises ValueError for what cannot stand in the column."""
    if column.kind == "flag":
        said = cell.casefold()
        return int(said in _YES) if said in _YES | _NO else int(_code(names, cell))
    if column.numeric:
        if not _NUMBER.fullmatch(cell):
            raise ValueError(column.name)
        number = float(cell.replace(",", "."))
        return int(number) if column.kind in {"rank", "points"} and number.is_integer() else number
    return _code(names, cell) if column.kind == "code" else typed(cell)


def _towns(survey: Survey) -> dict[str, int | None]:
    """Municipalities by what may be written for them; a program may have taken the zero away before a code."""
    towns: dict[str, int | None] = {ELSEWHERE_CODE: None}
    towns.update((said.casefold(), None) for said in everywhere(_l("Elsewhere")).values())
    for town in processes.municipalities(survey.phase.process):
        for name in (town.istat_code.lstrip("0"), town.istat_code, town.name):
            towns[name.casefold()] = town.id
    return towns


def _demand_distinct(names: Sequence[str]) -> None:
    twice = [name for name, times in Counter(filter(None, names)).items() if times > 1]
    if twice:
        raise SheetError(_l("The column “%(name)s” stands in the file twice: keep one of the two.", name=twice[0][:64]))


def plain_columns(survey: Survey) -> list[tuple[str, Column]]:
    """The columns that are enough to write all answers down, each with the name that it has in an empty table."""
    lines = layout_of(survey)
    named = {column.name for column in lines.all}
    chosen = [(column.name, column) for column in lines.before if column.name == PLACE]
    for question in lines.questions:
        for column in lines.of[question.code] if question.kind is not QuestionKind.FILE else ():
            if question.kind not in PARTED or column.part[:1] != ("option",) or question.code in named:
                chosen.append((column.name, column))
            elif column is lines.of[question.code][0]:
                chosen.append((question.code, column))
    return chosen
