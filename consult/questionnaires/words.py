"""What kinds of questions are called, and conditions as sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core.languages import Localized
from consult.questionnaires import definition
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import Fault
from consult.surveys.answers import ELSEWHERE_CODE
from consult.surveys.models import QuestionKind

KINDS: dict[QuestionKind, LazyString] = {
    QuestionKind.SHORT_TEXT: _l("Short text"),
    QuestionKind.LONG_TEXT: _l("Long text"),
    QuestionKind.EMAIL: _l("E-mail address"),
    QuestionKind.NUMBER: _l("Number"),
    QuestionKind.DATE: _l("Date"),
    QuestionKind.SINGLE_CHOICE: _l("One answer among several"),
    QuestionKind.MULTIPLE_CHOICE: _l("Several answers"),
    QuestionKind.DROPDOWN: _l("One answer from a long list"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.SCALE: _l("Scale with named ends"),
    QuestionKind.ZERO_TO_TEN: _l("From 0 to 10"),
    QuestionKind.MATRIX_SINGLE: _l("Table: one answer in each row"),
    QuestionKind.MATRIX_MULTIPLE: _l("Table: several answers in each row"),
    QuestionKind.RANKING: _l("Order of preference"),
    QuestionKind.POINTS: _l("Points to distribute"),
    QuestionKind.MUNICIPALITY: _l("Municipality"),
    QuestionKind.PLACE: _l("Place on the map"),
    QuestionKind.FILE: _l("File"),
    QuestionKind.INFORMATION: _l("Text to read, without a question"),
}

KIND_GROUPS: list[tuple[LazyString, list[QuestionKind]]] = [
    (_l("Choices"), [QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.YES_NO,
                     QuestionKind.DROPDOWN]),
    (_l("Opinions and priorities"), [QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN, QuestionKind.MATRIX_SINGLE,
                                     QuestionKind.MATRIX_MULTIPLE, QuestionKind.RANKING, QuestionKind.POINTS]),
    (_l("In their own words"), [QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.EMAIL]),
    (_l("Figures, days and places"), [QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.MUNICIPALITY,
                                      QuestionKind.PLACE]),
    (_l("Others"), [QuestionKind.FILE, QuestionKind.INFORMATION]),
]


def located(fault: Fault) -> LazyString | str:
    """What is wrong with a file, and at which question or section of it."""
    kind, _sep, rest = fault.where.partition(":")
    if kind == "question":
        section, _dot, number = rest.rpartition(".")
        return _l("Question %(number)s of section %(section)s: %(sentence)s", number=number, section=section,
                  sentence=fault.sentence) if section else _l(
            "Question “%(code)s”: %(sentence)s", code=rest, sentence=fault.sentence)
    return _l("Section %(number)s: %(sentence)s", number=rest, sentence=fault.sentence) if rest else fault.sentence


def unready(wrong: Sequence[Fault]) -> LazyString:
    """Why a survey cannot be public yet."""
    return _n("It cannot be public yet: %(num)s thing in its questions is to be put right. %(first)s",
              "It cannot be public yet: %(num)s things in its questions are to be put right. The first: %(first)s",
              len(wrong), first=wrong[0].sentence)


class Naming:
    """What the questions of a questionnaire and their answers are called; `places` are names of municipalities."""

    def __init__(self, data: Data, places: Mapping[str, str]) -> None:
        self._questions = {one["code"]: one for one in definition.questions(data)}
        self._places = {**places, ELSEWHERE_CODE: str(_("Elsewhere"))}

    def question(self, code: str) -> str:
        """What a question is called; of a row of a table, its question and row."""
        name, _dot, part = code.partition(".")
        one = self._questions.get(name)
        if one is None:
            return code
        prompt = str(Localized.of(one["prompt"])) or name
        label = next((each["label"] for each in (*one["rows"], *one["options"]) if each["code"] == part), None)
        return f"{prompt} — {Localized.of(label)}" if label is not None else prompt

    def answer(self, code: str, value: Any) -> str:
        """What an answer to a question is called."""
        one = self._questions.get(code.partition(".")[0])
        found = next((option["label"] for option in one["options"] if option["code"] == value), None) if one else None
        if found is not None:
            return str(Localized.of(found))
        return self._places.get(str(value), str(value))

    def sentence(self, condition: Mapping[str, Any]) -> str:
        """A condition as one reads it; nothing for the empty one."""
        if not condition:
            return ""
        for name, both in (("all", _two), ("any", _either)):
            if name in condition:
                parts = [self._inside(part) for part in condition[name]]
                return both(parts) if parts else str(_("never") if name == "any" else _("always"))
        return self._test(condition)

    def _inside(self, part: Mapping[str, Any]) -> str:
        said = self.sentence(part)
        return said if "question" in part else f"({said})"

    def _test(self, test: Mapping[str, Any]) -> str:
        code = test["question"]
        question = self.question(code)
        if "answered" in test:
            return str(_("“%(question)s” was answered", question=question) if test["answered"]
                       else _("“%(question)s” was not answered", question=question))
        name, value = next((name, test[name]) for name in ("is", "is_not", "at_least", "at_most") if name in test)
        answer = self.answer(code, value)
        return str({
            "is": lambda: _("“%(question)s” is “%(answer)s”", question=question, answer=answer),
            "is_not": lambda: _("“%(question)s” is not “%(answer)s”", question=question, answer=answer),
            "at_least": lambda: _("“%(question)s” is at least %(answer)s", question=question, answer=answer),
            "at_most": lambda: _("“%(question)s” is at most %(answer)s", question=question, answer=answer),
        }[name]())


def _two(parts: Sequence[str]) -> str:
    said = parts[0]
    for part in parts[1:]:
        said = str(_("%(one)s and %(other)s", one=said, other=part))
    return said


def _either(parts: Sequence[str]) -> str:
    said = parts[0]
    for part in parts[1:]:
        said = str(_("%(one)s or %(other)s", one=said, other=part))
    return said
