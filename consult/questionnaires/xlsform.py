"""Questionnaires as XLSForms, which Kobo and ODK read.

What these have not is kept in two columns of our own, which they leave alone: `consult::kind`, and `consult::more` with
the rest as JSON. So a questionnaire that goes out and comes in again is the same.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.config import LANGUAGES
from consult.core.languages import Localized
from consult.core.later import xlsxwriter
from consult.questionnaires import definition, xpath
from consult.questionnaires.definition import Data
from consult.questionnaires.xpath import InexpressibleError, Target
from consult.surveys.answers import CHOICES, ELSEWHERE_CODE, MATRICES, NUMBERS
from consult.surveys.models import QuestionKind

K = QuestionKind
Row = dict[str, Any]
KIND, MORE = "consult::kind", "consult::more"
TYPES = {
    K.SHORT_TEXT: "text", K.LONG_TEXT: "text", K.EMAIL: "text", K.NUMBER: "decimal", K.DATE: "date", K.SCALE: "range",
    K.ZERO_TO_TEN: "range", K.PLACE: "geopoint", K.FILE: "file", K.INFORMATION: "note"}
EMAIL = r"regex(., '^[^@\s]+@[^@\s]+\.[^@\s]+$')"
HIGHEST = 10
WRITTEN_OUT = {"code", "kind", "prompt", "help", "required", "minimum", "maximum", "earliest", "latest", "max_length",
               "options", "rows", "image"}
"""What stands in columns of its own; pictures stay here."""


@dataclass
class Form:
    """An XLSForm before it is a file: its sheets, and what other programs will not do with it."""

    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    settings: Row = field(default_factory=dict)
    warnings: list[LazyString] = field(default_factory=list)


def name_of(code: str) -> str:
    """A code as a name, which never begins with a digit."""
    return f"_{code}" if code[:1].isdigit() else code


def targets_of(data: Data, places: Mapping[str, str]) -> dict[str, Target]:
    """The questions that conditions may ask, by their codes."""
    found: dict[str, Target] = {}
    for one in definition.questions(data):
        kind, code = K(one["kind"]), one["code"]
        codes = {option["code"]: option["code"] for option in one["options"]}
        if kind is K.MUNICIPALITY:
            codes = {place: place for place in (*places, ELSEWHERE_CODE)}
        if kind in MATRICES:
            found |= {f"{code}.{row['code']}": Target(f"{name_of(code)}.{row['code']}", f"{code}.{row['code']}", codes,
                                                      kind is K.MATRIX_MULTIPLE) for row in one["rows"]}
        elif kind is K.POINTS:
            found |= {f"{code}.{option}": Target(f"{name_of(code)}.{option}", f"{code}.{option}", {}, numeric=True)
                      for option in codes}
        else:
            found[code] = Target(name_of(code), code, codes, kind in (K.MULTIPLE_CHOICE, K.RANKING), kind in NUMBERS)
    return found


def form(data: Data, places: Mapping[str, str]) -> Form:
    """A questionnaire as an XLSForm; `places` are the names of municipalities by their codes."""
    made, targets = Form(), targets_of(data, places)
    title = Localized.of(data["title"]).in_language("it")
    made.settings = {"form_title": title, "form_id": "questionario", "version": "1",
                     "default_language": _language("it"),
                     "consult_more": json.dumps({"title": data["title"], "intro": data["intro"]}, ensure_ascii=False)}
    for number, section in enumerate(data["sections"], 1):
        row: Row = {"type": "begin_group", "name": f"sezione_{number}", **_texts("label", section["title"])}
        _relevant(made, row, section["shown_if"], targets, {})
        made.survey.append(row)
        if section["intro"]:
            made.survey.append({"type": "note", "name": f"sezione_{number}_intro", KIND: "intro",
                                **_texts("label", section["intro"])})
        for one in section["questions"]:
            made.survey += _question(made, one, targets, places)
        made.survey.append({"type": "end_group", "name": f"sezione_{number}"})
    return made


def _language(code: str) -> str:
    return f"{LANGUAGES[code]} ({code})"


def _texts(column: str, text: Mapping[str, str]) -> Row:
    return {f"{column}::{_language(code)}": said for code, said in text.items()}


def _relevant(made: Form, row: Row, condition: Data, targets: Mapping[str, Target], more: Data) -> None:
    try:
        row["relevant"] = xpath.written(condition, targets)
    except InexpressibleError:
        more["shown_if"] = condition
        made.warnings.append(_l("The condition of “%(name)s” cannot be said in an XLSForm.", name=row["name"]))


def _question(made: Form, one: Data, targets: Mapping[str, Target], places: Mapping[str, str]) -> list[Row]:
    kind, name = K(one["kind"]), name_of(one["code"])
    more = {key: value for key, value in definition.compact(one, "question").items()
            if key not in WRITTEN_OUT and key != "shown_if"}
    options = {option["code"]: rest for option in one["options"] if (rest := {
        key: value for key, value in definition.compact(option, "option").items() if key not in ("code", "label")})}
    if options:
        more["options"] = options
    row: Row = {"name": name, **_texts("label", one["prompt"]), **_texts("hint", one["help"]), KIND: kind.value}
    if one["required"]:
        row["required"] = "yes"
    _relevant(made, row, one["shown_if"], targets, more)
    row["constraint"] = " and ".join(_constraints(kind, one))
    made.warnings += _lost(one, name)
    if kind in MATRICES or kind is K.POINTS:
        rows = _group(made, kind, one, row)
    else:
        rows = [_single(made, kind, one, row, places)]
    if more:
        row[MORE] = json.dumps(more, ensure_ascii=False)
    return [*rows, *_in_own_words(one, name)]


def _single(made: Form, kind: QuestionKind, one: Data, row: Row, places: Mapping[str, str]) -> Row:
    name = row["name"]
    if kind is K.MUNICIPALITY:
        made.choices += [{"list_name": name, "name": code, **_texts("label", {"it": place})}
                         for code, place in places.items()]
        made.choices.append({"list_name": name, "name": ELSEWHERE_CODE, **_texts("label", {
            "it": "Altrove", "en": "Elsewhere", "de": "Anderswo", "fr": "Ailleurs"})})
        return _first(row, f"select_one {name}", appearance="minimal")
    if kind in CHOICES or kind is K.RANKING:
        _choices(made, one, name)
        said = {K.MULTIPLE_CHOICE: "select_multiple", K.RANKING: "rank"}.get(kind, "select_one")
        if one["shuffled"]:
            row["parameters"] = "randomize=true"
        return _first(row, f"{said} {name}", **({"appearance": "minimal"} if kind is K.DROPDOWN else {}))
    if kind in (K.SCALE, K.ZERO_TO_TEN):
        ends = (0, HIGHEST) if kind is K.ZERO_TO_TEN else (one["minimum"] or 0, one["maximum"] or 0)
        row["parameters"] = f"start={ends[0]} end={ends[1]} step=1"
    if kind is K.LONG_TEXT:
        row["appearance"] = "multiline"
    return _first(row, TYPES[kind])


def _first(row: Row, type: str, **more: str) -> Row:
    row.update({"type": type, **more})
    return row


def _choices(made: Form, one: Data, name: str) -> None:
    made.choices += [{"list_name": name, "name": option["code"], **_texts("label", option["label"])}
                     for option in one["options"]]


def _group(made: Form, kind: QuestionKind, one: Data, row: Row) -> list[Row]:
    """A table, or points to distribute: a group of questions shown together."""
    name = row["name"]
    needed, bound = row.pop("required", None), row.pop("constraint", "")
    hints = {key: row.pop(key) for key in [key for key in row if key.startswith("hint")]}
    begin = _first(row, "begin_group", appearance="field-list" if kind is K.POINTS else "table-list")
    if kind is K.POINTS:
        inner = list(_points(one, name))
        made.warnings.append(_l("“%(name)s”: the points are single numbers there, with their sum checked.", name=name))
    else:
        _choices(made, one, name)
        said = "select_multiple" if kind is K.MATRIX_MULTIPLE else "select_one"
        inner = [{"type": f"{said} {name}", "name": f"{name}.{each['code']}", "constraint": bound,
                  **_texts("label", each["label"])} for each in one["rows"]]
    for each in inner:
        each["required"] = needed
    if inner and hints:
        inner[0].update(hints)
    return [begin, *inner, {"type": "end_group", "name": name}]


def _points(one: Data, name: str) -> Iterator[Row]:
    fields = [f"{name}.{option['code']}" for option in one["options"]]
    for option, known in zip(one["options"], fields, strict=True):
        constraint = ". >= 0"
        if known == fields[-1]:
            others = " + ".join(["."] + [f"coalesce(${{{other}}}, 0)" for other in fields[:-1]])
            constraint += f" and {others} = {one['maximum'] or 0}"
        yield {"type": "integer", "name": known, "constraint": constraint, **_texts("label", option["label"])}


def _constraints(kind: QuestionKind, one: Data) -> Iterator[str]:
    least, most = one["minimum"], one["maximum"]
    what = {K.NUMBER: ".", K.MULTIPLE_CHOICE: "count-selected(.)", K.MATRIX_MULTIPLE: "count-selected(.)",
            K.RANKING: "count-selected(.)"}.get(kind)
    if what and least is not None:
        yield f"{what} >= {least}"
    if what and most is not None:
        yield f"{what} <= {most}"
    if kind is K.DATE:
        yield from (f". {sign} date('{one[name]}')" for name, sign in (("earliest", ">="), ("latest", "<="))
                    if one[name])
    if one["max_length"] and kind in (K.SHORT_TEXT, K.LONG_TEXT):
        yield f"string-length(.) <= {one['max_length']}"
    if kind is K.EMAIL:
        yield EMAIL


def _in_own_words(one: Data, name: str) -> Iterator[Row]:
    """What somebody means by "other" is a question of its own there."""
    several = one["kind"] == K.MULTIPLE_CHOICE.value
    for option in one["options"]:
        if option["other"]:
            asked = f"selected(${{{name}}}, '{option['code']}')" if several else f"${{{name}}} = '{option['code']}'"
            yield {"type": "text", "name": f"{name}.{option['code']}.altro", KIND: "other", "relevant": asked,
                   **_texts("label", option["label"])}


def _lost(one: Data, name: str) -> Iterator[LazyString]:
    """What other programs will not do."""
    if one["prefer_not"]:
        yield _l("“%(name)s”: “I prefer not to answer” is not offered there.", name=name)
    if one["unit"] or one["minimum_label"] or one["maximum_label"]:
        yield _l("“%(name)s”: units and the words for the ends of a scale are not shown there.", name=name)
    if any(option["shown_if"] or option["quota"] or option["alone"] for option in one["options"]):
        yield _l("“%(name)s”: conditions, quotas and “excludes the others” of single answers do not hold there.",
                 name=name)
    if one["image"]:
        yield _l("“%(name)s”: its picture does not go along.", name=name)
    if re.search(r"\{[a-z0-9_]+\}", " ".join([*one["prompt"].values(), *one["help"].values()])):
        yield _l("“%(name)s”: earlier answers are not repeated in its text there.", name=name)


FIRST = ("type", "name", "required", "relevant", "constraint", "appearance", "parameters", KIND, MORE)


def workbook(made: Form) -> bytes:
    """An XLSForm as a file."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        for sheet, rows, first in (("survey", made.survey, FIRST), ("choices", made.choices, ("list_name", "name")),
                                   ("settings", [made.settings], tuple(made.settings)),
                                   ("consult_notes", [{"note": str(said)} for said in made.warnings], ("note",))):
            texts = sorted({key for row in rows for key in row if key not in first},
                           key=lambda key: (key.split("::")[0] == "hint", key))
            head = [*first[:2], *texts, *first[2:]]
            page = book.add_worksheet(sheet)
            page.set_column(0, len(head), 24)
            for column, name in enumerate(head):
                page.write_string(0, column, name, bold)
                for at, row in enumerate(rows, 1):
                    if row.get(name):
                        page.write_string(at, column, str(row[name])[:32_000])
    return target.getvalue()
