"""A questionnaire as it stands on paper: the same questions, answers and codes, and conditions in words."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from consult.core import richtext
from consult.core.languages import Localized
from consult.processes import queries as processes
from consult.publishing.writers import typst
from consult.questionnaires import definition
from consult.questionnaires.words import Naming
from consult.surveys import piping
from consult.surveys.answers import ELSEWHERE_CODE, MATRICES, NUMBERS, ONE
from consult.surveys.models import Question, QuestionKind, Survey, SurveySection
from consult.surveys.paths import HIGHEST, in_order
from consult.territory.models import Municipality

TEMPLATE = Path(__file__).with_name("sheet.typ")
Data = dict[str, Any]
LINES = {QuestionKind.SHORT_TEXT: 1, QuestionKind.LONG_TEXT: 6, QuestionKind.EMAIL: 1, QuestionKind.PLACE: 2}
"""How many lines there are to write on."""


def pdf(survey: Survey, language: str) -> bytes:
    """The questionnaire as a tagged PDF in a language. Raises WritingError where it cannot be set."""
    with force_locale(language):
        document = sheet(survey, language)
    with tempfile.TemporaryDirectory(prefix="consult-sheet-") as folder:
        target = Path(folder) / "sheet.pdf"
        typst.typeset(TEMPLATE, document, target)
        return target.read_bytes()


def sheet(survey: Survey, language: str) -> Data:
    """What stands on the sheet, in the language of the interface; texts of the staff in `language`."""
    return _Sheet(survey, language).whole()


class _Numbered(Naming):
    """Questions are called by the number that they have on paper."""

    def __init__(self, data: Data, places: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        super().__init__(data, places)
        self._numbers = numbers

    def question(self, code: str) -> str:
        number = self._numbers.get(code.partition(".")[0])
        return f"{number}. {super().question(code)}" if number else super().question(code)


class _Sheet:
    def __init__(self, survey: Survey, language: str) -> None:
        self._survey, self._language = survey, language
        self._towns: Sequence[Municipality] = processes.municipalities(survey.phase.process)
        asking = [question for question in in_order(survey) if question.kind is not QuestionKind.INFORMATION]
        self._numbers = {question.code: number for number, question in enumerate(asking, 1)}
        self._again = {code: Localized({language: str(_("[your answer to question %(number)s]", number=number))})
                       for code, number in self._numbers.items()}
        self._names = _Numbered(definition.describe(survey), {town.istat_code: town.name for town in self._towns},
                                self._numbers)

    def whole(self) -> Data:
        survey = self._survey
        return {
            "language": self._language, "title": self._said(survey.title), "intro": self._prose(survey.intro),
            "authority": survey.phase.process.authority.name, "code": code(survey),
            "sheet": _("For the office: number of the sheet"), "how": self._how(), "privacy": self._privacy(),
            "privacy_title": _("What becomes of your answers"), "residence": self._residence(),
            "sections": [self._section(section) for section in survey.sections]}

    def _how(self) -> list[str]:
        return [_("Mark your answers with a cross: ☒. Circles take one answer, squares one or more."),
                _("You may leave out the questions marked as optional."),
                _("Do not write your name on the sheet.")]

    def _privacy(self) -> list[str]:
        kept = [_("Sheets are anonymous: what is on them is kept without names and without times.")
                ] if self._survey.anonymous else [
                _("What is on the sheets is kept without your name, as nobody is asked for it here.")]
        return [*kept, _("The staff of the plan office copy them into the computer. What is published are totals; "
                         "what you write in your own words is read by the plan office only.")]

    def _residence(self) -> Data:
        return {"prompt": _("Which municipality do you live in?"),
                "hint": _("It is used only to count answers by municipality."), "options": self._places()}

    def _places(self) -> list[Data]:
        places = [(town.istat_code, town.name) for town in self._towns]
        return [{"code": code, "label": name, "other": False, "if": ""}
                for code, name in [*places, (ELSEWHERE_CODE, _("Elsewhere"))]]

    def _section(self, section: SurveySection) -> Data:
        return {"title": self._said(section.title), "intro": self._prose(section.intro),
                "if": self._condition(section.shown_if), "questions": list(map(self._question, section.questions))}

    def _question(self, question: Question) -> Data:
        hints = [self._said(question.help), self._hint(question)]
        return {"number": self._numbers.get(question.code), "code": question.code,
                "prompt": self._said(question.prompt), "hints": [hint for hint in hints if hint],
                "optional": "" if question.required or question.kind is QuestionKind.INFORMATION else _("optional"),
                "if": self._condition(question.shown_if),
                "prefer_not": _("I prefer not to answer") if question.prefer_not else "", **self._body(question)}

    def _body(self, question: Question) -> Data:
        """What there is to mark or to write on."""
        kind = question.kind
        if kind is QuestionKind.INFORMATION:
            return {"form": "text", "paragraphs": self._prose(question.prompt), "prompt": ""}
        if kind in MATRICES:
            return {"form": "matrix", "one": kind is QuestionKind.MATRIX_SINGLE, "options": self._options(question),
                    "rows": [self._said(row.label) for row in question.rows]}
        if kind in (QuestionKind.RANKING, QuestionKind.POINTS):
            return {"form": "numbers", "options": self._options(question)}
        if question.options:
            return {"form": "choices", "one": kind in ONE, "options": self._options(question)}
        if kind is QuestionKind.MUNICIPALITY:
            return {"form": "choices", "one": True, "options": self._places()}
        return self._written(question)

    def _written(self, question: Question) -> Data:
        if question.kind in NUMBERS - {QuestionKind.NUMBER}:
            least, most = (0, HIGHEST) if question.kind is QuestionKind.ZERO_TO_TEN else (
                question.minimum or 0, question.maximum or HIGHEST)
            return {"form": "scale", "points": [str(point) for point in range(least, most + 1)],
                    "ends": [self._said(question.minimum_label), self._said(question.maximum_label)]}
        if question.kind is QuestionKind.NUMBER:
            return {"form": "number", "unit": self._said(question.unit)}
        if question.kind is QuestionKind.DATE:
            return {"form": "date"}
        if question.kind is QuestionKind.FILE:
            return {"form": "none"}
        return {"form": "lines", "lines": LINES[question.kind]}

    def _options(self, question: Question) -> list[Data]:
        return [{"code": option.code, "label": self._said(option.label), "other": option.other,
                 "if": self._condition(option.shown_if)} for option in question.options]

    def _hint(self, question: Question) -> str:
        least, most, kind = question.minimum, question.maximum, question.kind
        if kind is QuestionKind.FILE:
            return str(_("This can be answered only on the site: leave it out here."))
        if kind is QuestionKind.PLACE:
            return str(_("Write the street and the number, or describe the place."))
        if kind is QuestionKind.POINTS:
            return str(ngettext("Write how many points you give to each: %(num)s point in all.",
                                "Write how many points you give to each: %(num)s points in all.", most or 0))
        if kind is QuestionKind.RANKING:
            return str(_("Write 1 beside what comes first for you, 2 beside what comes second, and so on."))
        if kind is QuestionKind.MULTIPLE_CHOICE:
            return _several(least, most)
        return _between(least, most) if kind is QuestionKind.NUMBER else ""

    def _condition(self, condition: Mapping[str, Any]) -> str:
        said = self._names.sentence(condition)
        return str(_("Only if %(condition)s", condition=said)) if said else ""

    def _said(self, text: Localized) -> str:
        """A text in the language of the sheet; where it says an answer again, the number of its question."""
        return piping.filled(text, self._again).in_language(self._language)

    def _prose(self, text: Localized) -> list[str]:
        return list(_paragraphs(self._said(text)))


def code(survey: Survey) -> str:
    """What a sheet is known by: the questionnaire and the version of its questions."""
    return str(_("Survey %(number)s, version %(version)s", number=survey.id, version=survey.definition_version))


def _several(least: int | None, most: int | None) -> str:
    if least and most:
        return str(_("Choose from %(least)s to %(most)s answers.", least=least, most=most))
    if most:
        return str(ngettext("Choose at most %(num)s answer.", "Choose at most %(num)s answers.", most))
    if least:
        return str(ngettext("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", least))
    return str(_("You can choose several answers."))


def _between(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return str(_("A number from %(least)s to %(most)s", least=least, most=most))
    if least is not None:
        return str(_("A number not smaller than %(least)s", least=least))
    return str(_("A number not greater than %(most)s", most=most)) if most is not None else ""


def _paragraphs(text: str) -> Iterator[str]:
    """The words of a text of the staff, without its marks."""
    for token in richtext.staff_tokens(text):
        if token.type == "embed":
            yield token.content
        elif token.type == "inline":
            said = "".join(" " if each.type in {"softbreak", "hardbreak"} else each.content
                           for each in token.children or [])
            if said.strip():
                yield said.strip()
