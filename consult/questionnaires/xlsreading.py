"""XLSForms of Kobo and ODK as questionnaires; what we have not is said, never dropped in silence."""

import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import spreadsheet
from consult.core.config import LANGUAGES
from consult.core.later import pyxform
from consult.questionnaires import arranging, definition, xpath
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import LONGEST, MOST_POINTS, SHORT
from consult.questionnaires.xlsform import EMAIL, HIGHEST, KIND, MORE, targets_of
from consult.questionnaires.xpath import InexpressibleError, Target
from consult.surveys.answers import MATRICES
from consult.surveys.models import QuestionKind

K = QuestionKind
Row = dict[str, str]
PLAIN = {"text": K.SHORT_TEXT, "integer": K.NUMBER, "decimal": K.NUMBER, "date": K.DATE, "note": K.INFORMATION,
         "geopoint": K.PLACE, "file": K.FILE, "image": K.FILE}
CHOOSING = {"select_one": K.SINGLE_CHOICE, "select_multiple": K.MULTIPLE_CHOICE, "rank": K.RANKING}
KNOWN = {"type", "name", "required", "relevant", "constraint", "appearance", "parameters", KIND, MORE}
TRUE = {"yes", "true", "true()", "1", "si", "sì"}
MOST_ROWS = 2000
OTHER = {"it": "Altro", "en": "Other", "de": "Anderes", "fr": "Autre"}
BOUNDS = ((r"\.\s*(>=|<=)\s*date\('(\d{4}-\d\d-\d\d)'\)", "earliest", "latest"),
          (r"string-length\(\.\)\s*(<=)\s*(\d{1,6})(?![\d.])", "", "max_length"),
          (r"(?:count-selected\(\.\)|\.)\s*(>=|<=)\s*(-?\d{1,9})(?![\d.])", "minimum", "maximum"))
"""Constraints that are bounds of ours: how they are written, and which they are."""


class UnreadableError(ValueError):
    """A file that is no XLSForm, with the sentence that says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("no XLSForm")
        self.sentence = sentence


@dataclass
class Brought:
    """A questionnaire as it was read, and what could not be taken over."""

    data: Data
    warnings: list[LazyString] = field(default_factory=list)


def read(content: bytes) -> Brought:
    """An XLSForm as a questionnaire. Raises UnreadableError for what pyxform refuses, or is larger than any form."""
    try:
        spreadsheet.guard(content)
        pyxform.xls2xform.convert(io.BytesIO(content), validate=False, file_type=".xlsx")
        sheets = pyxform.xls2json_backends.xlsx_to_dict(io.BytesIO(content))
    except spreadsheet.SheetError as fault:
        raise UnreadableError(fault.sentence) from fault
    except pyxform.errors.PyXFormError as fault:
        raise UnreadableError(_l("This is no sound XLSForm: %(why)s", why=str(fault)[:500])) from fault
    except Exception as fault:  # the library fails in other ways too on hostile files
        raise UnreadableError(_l("This file cannot be read as an XLSForm. Save it as .xlsx and send it again.")
                              ) from fault
    if len(sheets["survey"]) > MOST_ROWS or len(sheets.get("choices", ())) > MOST_ROWS * 5:
        raise UnreadableError(_l("This form is larger than we can take over."))
    return _Reading(sheets).brought()


class _Reading:
    """Goes through the rows of an XLSForm once for the questions, then for their conditions."""

    def __init__(self, sheets: Mapping[str, Any]) -> None:
        self.rows: list[Row] = sheets["survey"]
        self.settings: Row = (sheets.get("settings") or [{}])[0]
        self.warnings: list[LazyString] = []
        self.lists: dict[str, list[Row]] = {}
        for row in sheets.get("choices") or ():
            self.lists.setdefault(row.get("list_name") or row.get("list name") or "", []).append(row)
        self.data = definition.blank("questionnaire", title={"it": self.settings.get("form_title", "")[:SHORT]})
        self.codes: dict[str, str] = {}
        self.options: dict[str, dict[str, str]] = {}
        self.waiting: list[tuple[Data, str, str]] = []
        self.groups: list[tuple[str, str, Data | None]] = []
        """Open groups: `section`, `table`, `points` or `flat`, their condition, and what is filled."""

    def brought(self) -> Brought:
        for row in self.rows:
            self._row({key: str(value) for key, value in row.items()}, row.get("type") or "")
        self._conditions()
        self._more_of_the_form()
        self._unknown_columns()
        return Brought(self.data, self.warnings)

    def _row(self, row: Row, type: str) -> None:
        words = re.sub(r"^(begin|end)\s+", r"\1_", type.strip()).split()
        if not words or row.get(KIND) == "other":
            return
        name = row.get("name", "")
        if words[0] in ("begin_group", "begin_repeat"):
            if words[0] == "begin_repeat":
                self.warnings.append(_l("“%(name)s”: a part that is repeated. It is asked once.", name=name))
            self._begin(row, name)
        elif words[0] in ("end_group", "end_repeat"):
            self._end(*(self.groups.pop() if self.groups else ("", "", None)))
        elif self.groups and self.groups[-1][0] in ("table", "points"):
            self._inner(row, words, self.groups[-1])
        elif row.get(KIND) == "intro" and self.data["sections"]:
            self.data["sections"][-1]["intro"] = self._texts(row, "label", LONGEST["intro"])
        else:
            self._asked(row, words, name)

    def _begin(self, row: Row, name: str) -> None:
        kind = row.get(KIND, "")
        if kind in ("matrix_single", "matrix_multiple", "points") or "table-list" in row.get("appearance", ""):
            one = self._question(row, name, K.POINTS if kind == "points" else K.MATRIX_SINGLE)
            self.groups.append(("points" if kind == "points" else "table", "", one))
            return
        if self.groups:
            self.warnings.append(_l("“%(name)s”: a group within a group. Its questions are taken over without it.",
                                    name=name))
            self.groups.append(("flat", row.get("relevant", ""), None))
            return
        section = definition.blank("section", title=self._texts(row, "label", SHORT) or {"it": name})
        self.data["sections"].append(section)
        self.waiting.append((section, row.get("relevant", ""), name))
        self.groups.append(("section", "", section))

    def _end(self, _kind: str, _relevant: str, one: Data | None) -> None:
        if one is not None and one.get("kind") in (K.MATRIX_SINGLE.value, K.MATRIX_MULTIPLE.value) and not one["rows"]:
            self._place().remove(one)
            self.warnings.append(_l("“%(name)s”: an empty table was left out.", name=one["code"]))

    def _place(self) -> list[Data]:
        """The questions of the section in which one is; outside all groups that of a section without a name."""
        inside = any(group[0] == "section" for group in self.groups)
        if not inside and (not self.data["sections"] or not self.data["sections"][-1].get("loose")):
            self.data["sections"].append({**definition.blank("section", title={
                "it": self.settings.get("form_title", "")[:SHORT] or "1"}), "loose": True})
        asked: list[Data] = self.data["sections"][-1]["questions"]
        return asked

    def _question(self, row: Row, name: str, kind: QuestionKind) -> Data:
        code = self._code(name, arranging.codes(self.data))
        one = definition.blank("question", code=code, kind=kind.value, prompt=self._texts(row, "label", 1000),
                               help=self._texts(row, "hint", 1000),
                               required=row.get("required", "").lower() in TRUE)
        if row.get("required", "").lower() not in {*TRUE, "", "no", "false", "false()", "0"}:
            self.warnings.append(_l("“%(name)s”: that it is obligatory only sometimes cannot be said.", name=name))
        self._place().append(one)
        self.codes[name] = code
        inherited = [group[1] for group in self.groups if group[0] == "flat" and group[1]]
        self.waiting.append((one, " and ".join(f"({each})" for each in [*inherited, row.get("relevant", "")] if each),
                             name))
        return one

    def _code(self, name: str, taken: set[str]) -> str:
        bare = name[1:] if name[:1] == "_" and name[1:2].isdigit() else name
        sound = re.fullmatch(r"[a-z0-9_]{1,40}", bare)
        code = bare if sound else re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")[:40] or "domanda"
        return code if code not in taken and re.match(r"[a-z0-9]", code) else arranging.new_code(code, taken, "domanda")

    def _asked(self, row: Row, words: list[str], name: str) -> None:
        if words[0] not in PLAIN and words[0] not in CHOOSING and words[0] != "range":
            self.warnings.append(_l("“%(name)s”: “%(kind)s” is not a question we have. It was left out.",
                                    name=name or "—", kind=words[0]))
            return
        own = next((kind for kind in K if kind.value == row.get(KIND)), None)
        one = self._question(row, name, own or self._kind(row, words))
        if words[0] in CHOOSING and one["kind"] != K.MUNICIPALITY.value:
            self._offer(one, name, words)
        if words[0] == "range":
            self._range(one, row.get("parameters", ""))
        one["shuffled"] = "randomize=true" in row.get("parameters", "")
        self._constrained(one, row.get("constraint", ""), name)
        self._own(one, row)

    def _kind(self, row: Row, words: list[str]) -> QuestionKind:
        if words[0] in CHOOSING:
            minimal = "minimal" in row.get("appearance", "") and words[0] == "select_one"
            return K.DROPDOWN if minimal else CHOOSING[words[0]]
        if words[0] == "text":
            if row.get("constraint", "") == EMAIL or "email" in row.get("appearance", ""):
                return K.EMAIL
            return K.LONG_TEXT if "multiline" in row.get("appearance", "") else K.SHORT_TEXT
        return PLAIN.get(words[0], K.SCALE)

    def _offer(self, one: Data, name: str, words: list[str]) -> None:
        names: dict[str, str] = {}
        one["options"] = []
        for choice in self.lists.get(words[1] if len(words) > 1 else "", ()):
            code = self._code(choice.get("name", ""), set(names.values()))
            names[choice.get("name", "")] = code
            one["options"].append(definition.blank("option", code=code, label=self._texts(choice, "label", 500)))
        if "or_other" in words:
            names["other"] = self._code("other", set(names.values()))
            one["options"].append(definition.blank("option", code=names["other"], label=OTHER, other=True))
        if len(words) < 2 or not one["options"]:
            self.warnings.append(_l("“%(name)s”: its answers are in another file and were left out.", name=name))
        self.options[name] = names

    def _range(self, one: Data, parameters: str) -> None:
        said = dict(re.findall(r"(\w+)\s*=\s*(-?\d+)", parameters))
        least, most, step = int(said.get("start", 1)), int(said.get("end", 10)), said.get("step", "1")
        if (least, most) == (0, HIGHEST) and step == "1" and one["kind"] in (K.SCALE.value, K.ZERO_TO_TEN.value):
            one["kind"] = K.ZERO_TO_TEN.value
            return
        if step != "1" or re.search(r"=\s*-?\d*\.\d", parameters) or most - least >= MOST_POINTS:
            one["kind"] = K.NUMBER.value
            self.warnings.append(_l("“%(name)s”: a range in such steps became a number.", name=one["code"]))
        one.update(minimum=min(least, most), maximum=max(least, most))

    def _constrained(self, one: Data, constraint: str, name: str) -> None:
        rest = constraint.replace(EMAIL, "")
        for pattern, least, most in BOUNDS:
            for sign, value in re.findall(pattern, rest):
                one[least if sign == ">=" else most] = value if least == "earliest" else int(value)
            rest = re.sub(pattern, "", rest)
        if re.sub(r"\band\b|[\s()]", "", rest):
            self.warnings.append(_l("“%(name)s”: the constraint %(what)s cannot be taken over.", name=name, what=rest))

    def _inner(self, row: Row, words: list[str], group: tuple[str, str, Data | None]) -> None:
        """A row of a table, or an answer that gets points."""
        kind, _relevant, one = group
        if one is None or (kind == "table" and words[0] not in ("select_one", "select_multiple")):
            self.warnings.append(_l("“%(name)s”: “%(kind)s” is not a question we have. It was left out.",
                                    name=row.get("name", "—"), kind=words[0]))
            return
        name = row.get("name", "")
        part, taken = ("option", one["options"]) if kind == "points" else ("row", one["rows"])
        code = self._code(name.partition(".")[2] or name, {each["code"] for each in taken})
        taken.append(definition.blank(part, code=code, label=self._texts(row, "label", 500)))
        self.codes[name] = f"{one['code']}.{code}"
        one["required"] = one["required"] or row.get("required", "").lower() in TRUE
        one["help"] = one["help"] or self._texts(row, "hint", 1000)
        if row.get("relevant"):
            self.warnings.append(_l("“%(name)s”: a row cannot have a condition of its own. It is always shown.",
                                    name=name))
        if kind == "points":
            one["maximum"] = next(iter(map(int, re.findall(r"= (\d+)$", row.get("constraint", "")))), one["maximum"])
        else:
            if words[0] == "select_multiple":
                one["kind"] = K.MATRIX_MULTIPLE.value
            self._constrained(one, row.get("constraint", ""), name)
            self._offer(one, name, words)

    def _own(self, one: Data, row: Row) -> None:
        """What only we know, from our own column."""
        try:
            more = json.loads(row.get(MORE) or "{}")
        except (ValueError, RecursionError):
            more = {}
        if not isinstance(more, dict):
            return
        options = more.pop("options", {})
        one.update({key: value for key, value in more.items() if key in one and key not in ("code", "kind", "options")})
        for option in one["options"]:
            rest = options.get(option["code"]) if isinstance(options, dict) else None
            if isinstance(rest, dict):
                option.update({key: value for key, value in rest.items() if key in option and key != "code"})

    def _conditions(self) -> None:
        targets = self._targets()
        for thing, expression, name in self.waiting:
            if not expression:
                continue
            try:
                thing["shown_if"] = xpath.read(expression, targets)
            except (InexpressibleError, RecursionError) as fault:
                self.warnings.append(_l("“%(name)s”: its condition cannot be taken over (%(what)s). It is always "
                                        "shown.", name=name, what=str(fault)[:200]))

    def _targets(self) -> dict[str, Target]:
        """What expressions may ask, by the names of the form."""
        known = targets_of(self.data, {})
        found = {}
        for name, code in self.codes.items():
            target = known.get(code)
            if target is not None:
                found[name] = Target(name, code, self.options.get(name, {}), target.several, target.numeric)
        return found

    def _more_of_the_form(self) -> None:
        for row in self.rows:
            one = definition.question(self.data, self.codes.get(row.get("name") or "", ""))
            if one is not None and (K(one["kind"]) in MATRICES or one["kind"] == K.POINTS.value):
                self._own(one, row)
        for section in self.data["sections"]:
            section.pop("loose", None)
        try:
            said = json.loads(self.settings.get("consult_more") or "{}")
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict):
            self.data.update({key: said[key] for key in ("title", "intro") if isinstance(said.get(key), dict)})

    def _texts(self, row: Row, column: str, most: int) -> dict[str, str]:
        """A text in our languages; that without one is in the language of the form."""
        found = {}
        for key, value in row.items():
            head, _colons, language = key.replace("::", ":").partition(":")
            if head == column and value and (code := self._language(language)):
                found[code] = value[:most]
        return found

    def _language(self, called: str) -> str | None:
        called = called.strip() or self.settings.get("default_language", "")
        code = re.search(r"\((\w\w)[\w-]*\)\s*$", called)
        if code and code[1].lower() in LANGUAGES:
            return code[1].lower()
        by_name = {name.lower(): each for each, name in LANGUAGES.items()}
        return by_name.get(called.lower(), "it" if called in ("", "default") else None)

    def _unknown_columns(self) -> None:
        counts = Counter(key for row in self.rows for key, value in row.items() if value and key not in KNOWN)
        for key, times in counts.items():
            head, _colons, language = key.replace("::", ":").partition(":")
            if head not in ("label", "hint"):
                self.warnings.append(_l("The column “%(name)s” (in %(times)s lines) cannot be taken over.", name=key,
                                        times=times))
            elif self._language(language) is None:
                self.warnings.append(_l("Texts in “%(name)s” are left out: it is none of our languages.",
                                        name=language))
