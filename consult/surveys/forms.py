"""The form of a questionnaire, made from its questions; a long one is filled in section by section.

What was written in other sections travels in the form itself as hidden fields, so that nothing is kept before it
is sent and nothing is lost on the way; all of it is checked again at the end.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from consult.accounts.models import Person
from consult.core.forms import OnceForm, tidy
from consult.processes import queries as processes
from consult.surveys import queries
from consult.surveys.answers import Given
from consult.surveys.distribution import scale
from consult.surveys.models import Question, QuestionKind, Survey, SurveySection
from consult.surveys.queries import ELSEWHERE

SHORT = 12
"""Up to how many questions stand on one page."""
SHORT_TEXT, LONG_TEXT = 200, 4000
_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?")
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+")

Choice = tuple[str, Any]


class ChoiceField(Field):
    """One of the answers offered, or several of them; `chosen` are their values."""

    def __init__(self, label: Any, *, choices: Sequence[Choice], required: bool, several: bool = False, least: int = 0,
                 most: int = 1, **options: Any) -> None:
        super().__init__(label, [], **options)
        self.choices, self.several, self.least, self.most = choices, several, least, most
        self.flags.required = required

    @property
    def chosen(self) -> list[str]:
        return self.data or []

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value for value in dict.fromkeys(valuelist) if value]

    def pre_validate(self, form: Any) -> None:
        number = len(self.chosen)
        if not set(self.chosen) <= {value for value, _label in self.choices}:
            raise StopValidation(_l("Choose among the answers shown."))
        if not number and self.flags.required:
            raise StopValidation(_l("Choose an answer."))
        if number and number < self.least:
            raise StopValidation(_n("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", self.least))
        if number > self.most:
            raise StopValidation(_n("Choose at most %(num)s answer.", "Choose at most %(num)s answers.", self.most))


class ScaleField(ChoiceField):
    """A point of a scale whose ends have names."""


class PlaceField(ChoiceField):
    """A municipality, from a list that opens."""


class NumberField(Field):
    """A number within bounds, written with a comma or a point."""

    def __init__(self, label: Any, *, required: bool, minimum: int | None, maximum: int | None, **options: Any) -> None:
        super().__init__(label, [], **options)
        self.minimum, self.maximum = minimum, maximum
        self.flags.required = required

    @property
    def typed(self) -> str:
        """What was typed, as it was typed."""
        return str(tidy(self.raw_data[0]))[:100] if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        plain = re.sub(r"[\s’']", "", self.typed).replace("−", "-")
        if _NUMBER.fullmatch(plain) and not _GROUPED.fullmatch(plain):
            self.data = float(plain.replace(",", "."))

    def pre_validate(self, form: Any) -> None:
        if not self.typed:
            if self.flags.required:
                raise StopValidation(_l("Write a number."))
            return
        if self.data is None:
            raise StopValidation(_l("Write only a number, without points between the thousands: 1500, or 12,5."))
        if self.minimum is not None and self.data < self.minimum:
            raise StopValidation(_l("Write a number not smaller than %(least)s.", least=self.minimum))
        if self.maximum is not None and self.data > self.maximum:
            raise StopValidation(_l("Write a number not greater than %(most)s.", most=self.maximum))


@dataclass(frozen=True)
class Block:
    """A section as it is shown: its questions are fields; without a section, what is asked beside them."""

    section: SurveySection | None
    names: list[str]


@dataclass(frozen=True)
class Part:
    """What stands on one page."""

    number: int
    blocks: list[Block]

    @property
    def names(self) -> list[str]:
        return [name for block in self.blocks for name in block.names]


class QuestionnaireForm(OnceForm):
    """A questionnaire being filled in. Use `questionnaire` to have one with its questions."""

    part = HiddenField(default="1")
    go = StringField()

    questions: dict[str, Question]
    parts: list[Part]
    person: Person | None

    def __init__(self) -> None:
        super().__init__()
        self.current = self.parts[0]

    def complete(self) -> bool:
        """Go where the button pressed leads; True once everything was sent and is sound."""
        if not self.is_submitted():
            return False
        here = self._part_sent()
        if self.go.data == "back":
            self._show(here - 1)
        elif self.go.data == "next" and here < len(self.parts):
            self._show(here + 1 if self._sound(here) else here)
        elif not self.validate():
            self._show(next((part.number for part in self.parts if self._faulty(part)), here))
        elif self.answers():
            return True
        else:
            self._show(here)
            self.form_errors.append(_l("Answer at least one question before you send."))
        return False

    def blocks(self) -> Iterator[tuple[SurveySection | None, list[tuple[Question | None, Field]]]]:
        """What stands on the page: sections with their questions and fields."""
        for block in self.current.blocks:
            yield block.section, [(self.questions.get(name), self[name]) for name in block.names]

    def carried(self) -> Iterator[tuple[str, str]]:
        """What was written on the other pages, for the hidden fields of this one."""
        for part in self.parts:
            if part is not self.current:
                for name in part.names:
                    yield from ((name, tidy(value)) for value in self[name].raw_data or [])

    def answers(self) -> dict[str, Given]:
        """The answers given, by the code of their question."""
        given = {question.code: _given(self[name]) for name, question in self.questions.items()}
        return {code: value for code, value in given.items() if value is not None}

    def municipality_id(self) -> int | None:
        """Where whoever answers lives: asked only of those whose account does not say it."""
        if "municipality" in self:
            return int(self["municipality"].chosen[0]) or None
        return self.person.residence_id if self.person else None

    def _part_sent(self) -> int:
        sent = str(self.part.data)
        return min(max(int(sent) if sent.isdecimal() and len(sent) < 4 else 1, 1), len(self.parts))

    def _sound(self, number: int) -> bool:
        faulty = [name for name in self.parts[number - 1].names if not self[name].validate(self)]
        return not faulty

    def _faulty(self, part: Part) -> bool:
        return any(self[name].errors for name in part.names)

    def _show(self, number: int) -> None:
        """Turn to a page; what is wrong on others is said when one comes to them."""
        self.current = self.parts[max(number, 1) - 1]
        self.part.data = str(self.current.number)
        for part in self.parts:
            if part is not self.current:
                for name in part.names:
                    self[name].errors = ()


def _given(field: Any) -> Given | None:
    if isinstance(field, ScaleField):
        return float(field.chosen[0]) if field.chosen else None
    if isinstance(field, ChoiceField):
        return field.chosen or None
    return field.data if isinstance(field, NumberField) else field.data or None


def questionnaire(survey: Survey, person: Person | None) -> QuestionnaireForm:
    """The form of a questionnaire for a person or, with None, for a visitor."""
    asked = {f"q{question.id}": question for question in queries.questions(survey)}
    fields: dict[str, Any] = {name: _field(question) for name, question in asked.items()}
    blocks = [Block(section, [f"q{question.id}" for question in section.questions]) for section in survey.sections]
    pages = [blocks] if len(asked) <= SHORT else [[block] for block in blocks]
    if person is None or person.residence_id is None:
        fields["municipality"] = _place(survey)
        pages[0].insert(0, Block(None, ["municipality"]))
    parts = [Part(number, page) for number, page in enumerate(pages, 1)]
    kind: type[QuestionnaireForm] = type("QuestionnaireForm", (QuestionnaireForm,), {
        **fields, "questions": asked, "parts": parts, "person": person})
    return kind()


def _place(survey: Survey) -> PlaceField:
    places = processes.municipalities(survey.phase.process)
    return PlaceField(
        _l("Which municipality do you live in?"), required=True,
        choices=[*((str(place.id), place.name) for place in places), (str(ELSEWHERE), _l("Elsewhere"))],
        description=_l("It is used only to count answers by municipality."))


def _field(question: Question) -> Field:
    match question.kind:
        case QuestionKind.SHORT_TEXT:
            return _text(StringField, question, SHORT_TEXT)
        case QuestionKind.LONG_TEXT:
            return _text(TextAreaField, question, LONG_TEXT)
        case QuestionKind.NUMBER:
            return NumberField(question.prompt, required=question.required, minimum=question.minimum,
                               maximum=question.maximum, description=_bounds(question))
        case QuestionKind.SCALE:
            return ScaleField(question.prompt, required=question.required,
                              choices=[(str(point), str(point)) for point in scale(question)])
    choices = [(option.code, option.label) for option in question.options]
    if question.kind is QuestionKind.SINGLE_CHOICE:
        return ChoiceField(question.prompt, required=question.required, choices=choices)
    most = question.maximum if question.maximum is not None else len(choices)
    return ChoiceField(question.prompt, required=question.required, choices=choices, least=question.minimum or 0,
                       most=most, several=True, description=_how_many(question))


def _text(kind: type[Field], question: Question, usual: int) -> Field:
    most = question.max_length or usual
    return kind(
        question.prompt,
        [DataRequired(_l("Write an answer.")) if question.required else Optional(),
         Length(max=most, message=_l("This is too long: at most %(most)s characters.", most=most))],
        filters=[_on_one_line] if kind is StringField else [],
        description=_l("At most %(most)s characters.", most=most))


def _on_one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _bounds(question: Question) -> LazyString | str:
    least, most = question.minimum, question.maximum
    if least is not None and most is not None:
        return _l("A number from %(least)s to %(most)s.", least=least, most=most)
    if least is not None:
        return _l("A number from %(least)s up.", least=least)
    return "" if most is None else _l("A number up to %(most)s.", most=most)


def _how_many(question: Question) -> LazyString | str:
    least, most = question.minimum or 0, question.maximum
    if most is None:
        return (_n("Choose at least %(num)s answer.", "Choose at least %(num)s answers.", least) if least > 1
                else _l("You can choose several answers."))
    if least == most:
        return _n("Choose %(num)s answer.", "Choose %(num)s answers.", most)
    if least > 1:
        return _l("Choose from %(least)s to %(most)s answers.", least=least, most=most)
    return _n("You can choose %(num)s answer.", "You can choose up to %(num)s answers.", most)
