"""How answers lie in a table: which columns a question has, and what stands in them.

One column holds the code of what was chosen where one answer is possible: choices of one, each row of a matrix of
single choices, municipalities. Where several are possible each has a column with 1 or 0; ranks and points have a
column for each option. Nothing stands where nothing was answered. Who prefers not to answer has a column of its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.core.languages import Localized, everywhere
from consult.processes.models import Channel
from consult.surveys import answers
from consult.surveys.answers import ELSEWHERE_CODE, NUMBERS, ONE, REFUSED, Given
from consult.surveys.models import Question, QuestionKind, Survey
from consult.surveys.paths import in_order
from consult.surveys.statistics import CHANNELS
from consult.territory.models import Municipality

Value = str | int | float | None
Part = tuple[str, ...]
"""What of an answer stands in a column: nothing for the whole of it."""
Parts = dict[Part, Value]
Labels = tuple[tuple[str, Localized], ...]

LONGEST_NAME = 64
"""Bytes that a name may have in SPSS."""
_WORDS_OF_SPSS = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
OTHER, PREFER_NOT, LATITUDE, LONGITUDE = ("other",), ("prefer_not",), ("latitude",), ("longitude",)
_KINDS = {QuestionKind.RANKING: "rank", QuestionKind.POINTS: "points", QuestionKind.MULTIPLE_CHOICE: "flag"}


def _flag() -> Labels:
    return ("0", everywhere(_l("No"))), ("1", everywhere(_l("Yes")))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `kind` is text, date, code, flag, rank, points or number."""

    name: str
    kind: str
    text: Localized
    question: Question | None = None
    part: Part = ()
    labels: Labels = ()

    @property
    def numeric(self) -> bool:
        return self.kind in {"number", "flag", "rank", "points"}


@dataclass(frozen=True)
class Layout:
    """All columns of a questionnaire, and which of them belong to each question."""

    before: tuple[Column, ...]
    """What is said of a submission beside its answers."""
    of: Mapping[str, tuple[Column, ...]]
    """By code of the question."""
    questions: tuple[Question, ...] = field(default=())

    @property
    def all(self) -> list[Column]:
        return [*self.before, *(column for columns in self.of.values() for column in columns)]

    def cells(self, given: Mapping[str, Given]) -> list[Value]:
        """What stands in the columns of the questions for one submission."""
        line: list[Value] = []
        for question in self.questions:
            parts = spread(question, given.get(question.code))
            line += [parts.get(column.part) for column in self.of[question.code]]
        return line


def layout(survey: Survey, places: Sequence[Municipality]) -> Layout:
    """The columns of a questionnaire, each with a name of its own that every program takes."""
    naming = _Naming()
    towns = tuple((place.istat_code, Localized.of(place.name)) for place in places)
    before = [
        Column(name=naming("line"), kind="number", text=everywhere(_l("Number of the line, in no order of time"))),
        Column(name=naming("municipality"), kind="code", text=everywhere(_l("Municipality")), labels=towns),
        Column(name=naming("municipality_name"), kind="text", text=everywhere(_l("Name of the municipality"))),
        Column(name=naming("channel"), kind="code", text=everywhere(_l("How it reached us")),
               labels=tuple((channel.value, everywhere(CHANNELS[channel])) for channel in Channel
                            if channel in CHANNELS)),
        Column(name=naming("version"), kind="number", text=everywhere(_l("Version of the questions"))),
    ]
    if not survey.anonymous:
        before.append(Column(name=naming("submitted_at"), kind="text", text=everywhere(_l("Sent on"))))
    asking = tuple(question for question in in_order(survey) if question.kind in answers.ASKING)
    return Layout(tuple(before), {question.code: tuple(_columns(question, naming, towns)) for question in asking},
                  asking)


class _Naming:
    """Gives names that are not taken: letters, digits and underscores, a letter first."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, *parts: str) -> str:
        plain = re.sub(r"[^a-z0-9_]", "_", "_".join(parts).lower()).strip("_")
        if not plain[:1].isalpha() or plain in _WORDS_OF_SPSS:
            plain = f"q_{plain}"
        name, number = plain[:LONGEST_NAME].rstrip("_"), 1
        while name in self._taken:
            number += 1
            ending = f"_{number}"
            name = plain[:LONGEST_NAME - len(ending)] + ending
        self._taken.add(name)
        return name


def _columns(question: Question, naming: _Naming, towns: Labels) -> Iterable[Column]:
    for part, kind, said, labels in _parts(question, towns):
        text = Localized({language: " – ".join([question.prompt.in_language(language),
                                                *(each.in_language(language) for each in said)])
                          for language in question.prompt})
        yield Column(name=naming(question.code, *part), kind=kind, text=text, question=question, part=part,
                     labels=labels)


Described = tuple[Part, str, list[Localized], Labels]
"""A part, its kind, what it is called beside the question, and the codes that may stand there."""


def _parts(question: Question, towns: Labels) -> Iterable[Described]:
    if question.options:
        yield from _of_options(question)
    else:
        yield from _simple(question, towns)
    if any(option.other for option in question.options) and question.kind in answers.CHOICES:
        yield OTHER, "text", [everywhere(_l("In their own words"))], ()
    if question.prefer_not:
        yield PREFER_NOT, "flag", [everywhere(_l("I prefer not to answer"))], _flag()


def _of_options(question: Question) -> Iterable[Described]:
    options = tuple((option.code, option.label) for option in question.options)
    if question.kind in ONE:
        yield (), "code", [], options
    elif question.kind is QuestionKind.MATRIX_SINGLE:
        for row in question.rows:
            yield ("row", row.code), "code", [row.label], options
    elif question.kind is QuestionKind.MATRIX_MULTIPLE:
        for row in question.rows:
            for code, label in options:
                yield ("row", row.code, code), "flag", [row.label, label], _flag()
    else:
        kind = _KINDS[question.kind]
        for code, label in options:
            yield ("option", code), kind, [label], _flag() if kind == "flag" else ()


def _simple(question: Question, towns: Labels) -> Iterable[Described]:
    if question.kind is QuestionKind.MUNICIPALITY:
        yield (), "code", [], (*towns, (ELSEWHERE_CODE, everywhere(_l("Elsewhere"))))
    elif question.kind is QuestionKind.PLACE:
        yield LATITUDE, "number", [everywhere(_l("Latitude"))], ()
        yield LONGITUDE, "number", [everywhere(_l("Longitude"))], ()
    elif question.kind is QuestionKind.FILE:
        yield (), "flag", [everywhere(_l("A file was sent"))], _flag()
    elif question.kind in NUMBERS:
        yield (), "number", [], ()
    else:
        yield (), "date" if question.kind is QuestionKind.DATE else "text", [], ()


def spread(question: Question, given: Given) -> Parts:
    """What stands in the columns of a question for an answer; nothing for none."""
    if answers.is_empty(given):
        return {}
    if given == REFUSED:
        return {PREFER_NOT: 1}
    said = given.get("other") if isinstance(given, dict) and "chosen" in given else None
    parts = {PREFER_NOT: 0, **_SPREAD[question.kind](question, given)}
    return {**parts, OTHER: said} if said else parts


def gather(question: Question, parts: Mapping[Part, Any]) -> Given:
    """The answer that stands in the columns of a question; None for none. What `spread` makes it undoes.

    Raises ValueError where what stands there is not of the kind of its column.
    """
    if parts.get(PREFER_NOT) == 1:
        return dict(REFUSED)
    found = _GATHER[question.kind](question, {part: value for part, value in parts.items() if value is not None})
    said = parts.get(OTHER)
    return {"chosen": found, "other": said} if said and found else found


def _spread_one(_question: Question, given: Given) -> Parts:
    return {(): answers.chosen(given)[0]}


def _spread_flags(question: Question, given: Given) -> Parts:
    chosen = answers.chosen(given)
    return {("option", option.code): int(option.code in chosen) for option in question.options}


def _spread_rank(_question: Question, given: Given) -> Parts:
    return {("option", code): rank for rank, code in enumerate(answers.chosen(given), 1)}


def _spread_points(question: Question, given: Given) -> Parts:
    return {("option", option.code): given.get(option.code, 0) for option in question.options}


def _spread_matrix(_question: Question, given: Given) -> Parts:
    return {("row", row): codes[0] for row, codes in given.items() if codes}


def _spread_grid(question: Question, given: Given) -> Parts:
    return {("row", row, option.code): int(option.code in codes)
            for row, codes in given.items() if codes for option in question.options}


def _spread_place(_question: Question, given: Given) -> Parts:
    return {LATITUDE: given[0], LONGITUDE: given[1]}


def _gather_one(_question: Question, parts: Parts) -> Given:
    return [str(parts[()])] if () in parts else None


def _gather_flags(question: Question, parts: Parts) -> Given:
    return [option.code for option in question.options if parts.get(("option", option.code)) == 1] or None


def _gather_rank(question: Question, parts: Parts) -> Given:
    ranks = {option.code: parts[("option", option.code)] for option in question.options
             if ("option", option.code) in parts}
    if sorted(ranks.values(), key=str) != sorted(range(1, len(ranks) + 1), key=str):
        raise ValueError("ranks must go from 1 on without gaps")
    return sorted(ranks, key=lambda code: int(ranks[code] or 0)) or None


def _gather_points(question: Question, parts: Parts) -> Given:
    return {option.code: _whole(points) for option in question.options
            if (points := parts.get(("option", option.code)))} or None


def _whole(value: Value) -> int:
    if isinstance(value, str) or value is None or int(value) != value:
        raise ValueError("no whole number")
    return int(value)


def _gather_matrix(question: Question, parts: Parts) -> Given:
    return {row.code: [parts[("row", row.code)]] for row in question.rows if ("row", row.code) in parts} or None


def _gather_grid(question: Question, parts: Parts) -> Given:
    lines = {row.code: [option.code for option in question.options if parts.get(("row", row.code, option.code)) == 1]
             for row in question.rows}
    return {row: codes for row, codes in lines.items() if codes} or None


def _gather_place(_question: Question, parts: Parts) -> Given:
    return [parts[LATITUDE], parts[LONGITUDE]] if LATITUDE in parts and LONGITUDE in parts else None


def _gather_number(_question: Question, parts: Parts) -> Given:
    return parts.get(())


def _spread_whole(_question: Question, given: Given) -> Parts:
    return {(): given}


def _spread_file(_question: Question, _given: Given) -> Parts:
    return {(): 1}  # the name under which it is kept opens nothing, and says nothing


_Spread = Callable[[Question, Given], Parts]
_Gather = Callable[[Question, Parts], Given]
_WAYS: list[tuple[Iterable[QuestionKind], _Spread, _Gather]] = [
    ([*ONE, QuestionKind.MUNICIPALITY], _spread_one, _gather_one),
    ([QuestionKind.MULTIPLE_CHOICE], _spread_flags, _gather_flags),
    ([QuestionKind.RANKING], _spread_rank, _gather_rank),
    ([QuestionKind.POINTS], _spread_points, _gather_points),
    ([QuestionKind.MATRIX_SINGLE], _spread_matrix, _gather_matrix),
    ([QuestionKind.MATRIX_MULTIPLE], _spread_grid, _gather_grid),
    ([QuestionKind.PLACE], _spread_place, _gather_place),
    ([QuestionKind.FILE], _spread_file, _gather_number),
    ([*answers.TEXTS, *NUMBERS, QuestionKind.EMAIL, QuestionKind.DATE], _spread_whole, _gather_number),
]
_SPREAD = {kind: spread for kinds, spread, _gather in _WAYS for kind in kinds}
_GATHER = {kind: gather for kinds, _spread, gather in _WAYS for kind in kinds}
