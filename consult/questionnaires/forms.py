"""Forms with which the plan office prepares surveys and writes what they ask."""

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from consult.core.config import LANGUAGES
from consult.core.forms import (
    OnceForm,
    VersionedForm,
    choices,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.core.languages import Localized
from consult.office.forms import NewActivityForm
from consult.processes.models import Process
from consult.processes.services import TimetableError
from consult.questionnaires import arranging, definition, words
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import CODE, LARGEST
from consult.surveys.answers import CHOICES, MATRICES, WITH_OPTIONS
from consult.surveys.models import QuestionKind, Survey

K = QuestionKind
SPARE = 4
"""Empty rows under those that are filled in."""
BOUNDED = {
    K.NUMBER: (_l("Smallest number allowed"), _l("Greatest number allowed")),
    K.SCALE: (_l("The scale begins at"), _l("The scale ends at")),
    K.MULTIPLE_CHOICE: (_l("At least so many answers"), _l("At most so many answers")),
    K.MATRIX_MULTIPLE: (_l("At least so many answers in each row"), _l("At most so many answers in each row")),
    K.RANKING: (_l("At least so many put in order"), _l("At most so many put in order")),
    K.POINTS: (None, _l("Points to distribute")),
}
_WHOLE = [Optional(), NumberRange(min=-LARGEST, max=LARGEST)]
SETTINGS = ("anonymous", "may_change", "close_at")


class SurveySettings:
    """How a survey is answered."""

    anonymous = BooleanField(_l("Anonymous"), default=True, description=_l(
        "Answers are kept without name and time, and nobody can put the two together again. It cannot be changed once "
        "somebody has answered."))
    may_change = BooleanField(_l("Answers can be changed until the survey closes"), description=_l(
        "With the code on their receipt people find their answers again."))
    close_at = IntegerField(_l("Close early after so many submissions"), [
        Optional(), NumberRange(min=1, max=10_000_000, message=_l("Write a whole number of at least 1."))],
        description=_l("Empty: it closes when its time is over."))

    @property
    def settings(self: Any) -> dict[str, Any]:
        """The columns that were typed."""
        return {name: self[name].data for name in SETTINGS}


class NewSurveyForm(SurveySettings, NewActivityForm):
    """A new survey: empty, like another one, or from those that are ready."""

    like = HiddenField(validators=[Length(max=40)])

    def __init__(self, process: Process, **options: Any) -> None:
        super().__init__(process, **options)
        del self.moderation, self.agreements, self.published, self.openers, self.columns

    @classmethod
    def after(cls, process: Process, like: str, data: Data | None, earlier: Survey | None) -> "NewSurveyForm":
        """The form, filled in with what it is to be like; its times are its own."""
        filled: dict[str, Any] = {"like": like}
        if data is not None:
            filled |= one_for_each_language(title=Localized.of(data["title"]), intro=Localized.of(data["intro"]))
        if earlier is not None:
            taken = ("audience", "minimum_age", "maximum_age", "only_from", "workers_too", "only_categories",
                     "engagement_level", "results_visible", "anonymous", "may_change", "close_at")
            filled |= {name: getattr(earlier, name) for name in taken}
            filled |= one_for_each_language(negotiable=earlier.negotiable)
        return cls(process, data=filled)

    def refuse(self, fault: TimetableError | Any) -> None:
        """Show at its field why a time cannot be."""
        self[fault.field].errors = [*self[fault.field].errors, fault.sentence]


class SettingsForm(SurveySettings, VersionedForm):
    """Changes how a survey is answered."""


def _ends(form: type[Any], name: str, label: LazyString, description: LazyString | str = "") -> None:
    in_each_language(name, StringField, label, most=200, description=description)(form)


@in_each_language("title", StringField, _l("Title"), required=_l("Give the section a title."), most=200)
@in_each_language("intro", TextAreaField, _l("Introduction"), most=4000)
class SectionForm(VersionedForm):
    """The words of a section."""

    note = StringField(_l("Why it is changed"), [Length(max=300)], description=_l(
        "Kept with the versions of the survey, which the staff can read."))

    @property
    def said(self) -> Data:
        """What was typed."""
        return {"title": dict(localized(self, "title")), "intro": dict(localized(self, "intro"))}


class QuestionForm(VersionedForm):
    """A question of one kind. Use `question_form` to have one with the fields of the kind."""

    rows_said: dict[str, int]
    kind: QuestionKind

    required = BooleanField(_l("Obligatory"))
    prefer_not = BooleanField(_l("“I prefer not to answer” is one of the answers"))
    note = SectionForm.note

    def parts(self, name: str) -> list[dict[str, Any]]:
        """The fields of each option (`option`) or row (`row`), for the page."""
        return [{field: self[f"{name}{at}_{field}"] for field in _PART_FIELDS if f"{name}{at}_{field}" in self}
                for at in range(self.rows_said.get(name, 0))]

    def question(self, before: Data) -> Data:
        """The question that was typed, with what the form does not ask as it was."""
        one = {**before}
        for name in ("prompt", "help", "minimum_label", "maximum_label", "unit", "image_alt"):
            if f"{name}_it" in self:
                one[name] = dict(localized(self, name))
        for name in ("required", "prefer_not", "shuffled", "minimum", "maximum", "max_length"):
            if name in self:
                one[name] = self[name].data
        for name in ("earliest", "latest"):
            if name in self:
                one[name] = self[name].data.isoformat() if self[name].data else None
        for name, part in (("options", "option"), ("rows", "row")):
            if part in self.rows_said:
                one[name] = self._listed(part, {each["code"]: each for each in before[name]})
        return one

    def _listed(self, part: str, before: dict[str, Data]) -> list[Data]:
        """The options or rows typed, in the order of their numbers; those left without a text are none."""
        typed = [(at, fields) for at, fields in enumerate(self.parts(part)) if localized(self, f"{part}{at}_label")]
        typed.sort(key=lambda each: each[1]["place"].data if each[1]["place"].data is not None else 10_000 + each[0])
        taken = {fields["code"].data for _at, fields in typed if fields["code"].data}
        found = []
        for at, fields in typed:
            label = localized(self, f"{part}{at}_label")
            code = fields["code"].data or arranging.new_code(str(label.in_language("it")), taken, "o")
            taken.add(code)
            said: Data = {name: fields[name].data for name in ("other", "alone", "quota") if name in fields}
            found.append({**before.get(code, definition.blank(part)), **said, "code": code, "label": dict(label)})
        return found


_PART_FIELDS = ("place", "code", *(f"label_{code}" for code in LANGUAGES), "other", "alone", "quota")


def question_form(kind: QuestionKind, *, rows: dict[str, int] | None = None, pictured: bool = False) -> type[Any]:
    """The form for a question of a kind, with so many rows for `option` and `row` where it has them."""
    prompt = _l("Text") if kind is K.INFORMATION else _l("Question")
    form: type[Any] = type("QuestionForm", (QuestionForm,), {"kind": kind, "rows_said": {}})
    in_each_language("prompt", TextAreaField, prompt, required=_l("Write what is asked."), most=1000)(form)
    in_each_language("help", TextAreaField, _l("Help"), most=1000, description=_l(
        "A sentence under the question, for whoever wonders what is meant."))(form)
    _add_limits(form, kind)
    if kind is K.INFORMATION:
        form.required = form.prefer_not = None
    if kind in WITH_OPTIONS - {K.YES_NO}:
        form.shuffled = BooleanField(_l("Show the answers in a different order to each person"), description=_l(
            "So that none has the advantage of standing first."))
    if pictured:
        in_each_language("image_alt", StringField, _l("What the picture shows"), most=200, description=_l(
            "For whoever does not see it."))(form)
    for part, number in (rows or {}).items():
        _add_rows(form, kind, part, number)
    return form


def _add_limits(form: type[Any], kind: QuestionKind) -> None:
    """Within what an answer of the kind must lie."""
    if kind in BOUNDED:
        least, most = BOUNDED[kind]
        if least:
            form.minimum = IntegerField(least, _WHOLE)
        form.maximum = IntegerField(most, _WHOLE)
    if kind in (K.SCALE, K.ZERO_TO_TEN):
        _ends(form, "minimum_label", _l("What the lowest point means"))
        _ends(form, "maximum_label", _l("What the highest point means"))
    if kind is K.NUMBER:
        _ends(form, "unit", _l("Unit"), _l("Said after the number, for example: minutes."))
    if kind is K.DATE:
        form.earliest = DateField(_l("Not before"), [Optional()])
        form.latest = DateField(_l("Not after"), [Optional()])
    if kind in (K.SHORT_TEXT, K.LONG_TEXT):
        form.max_length = IntegerField(_l("At most so many characters"), [Optional(), NumberRange(min=1, max=20_000)])


def _add_rows(form: type[Any], kind: QuestionKind, part: str, number: int) -> None:
    form.rows_said[part] = number
    for at in range(number):
        name = f"{part}{at}"
        setattr(form, f"{name}_place", IntegerField(_l("Place"), [Optional(), NumberRange(min=-999, max=9999)]))
        setattr(form, f"{name}_code", StringField(_l("Code"), [Length(max=40), _is_code]))
        in_each_language(f"{name}_label", StringField, _l("Text"), most=500)(form)
        if part == "option" and kind in CHOICES:
            if kind is not K.YES_NO:
                setattr(form, f"{name}_other", BooleanField(_l("With a field to write in")))
            if kind is K.MULTIPLE_CHOICE:
                setattr(form, f"{name}_alone", BooleanField(_l("Excludes the others")))
            setattr(form, f"{name}_quota", IntegerField(_l("Quota: at most so many people"), [
                Optional(), NumberRange(min=1, max=LARGEST)]))


def _is_code(_form: Any, field: Any) -> None:
    if field.data and not CODE.fullmatch(field.data):
        raise ValidationError(_l("Use small letters, digits and underscores."))


def rows_of(kind: QuestionKind, one: Data, sent: Any) -> dict[str, int]:
    """How many rows a form has: those sent, or those there are with some to spare."""
    found = {}
    for part, name in (("option", "options"), ("row", "rows")):
        if kind in (WITH_OPTIONS if part == "option" else MATRICES):
            fixed = kind is K.YES_NO
            there = len(one[name])
            came = sum(1 for key in sent if key.startswith(part) and key.endswith("_label_it"))
            found[part] = there if fixed else min(max(there + SPARE, came), 300)
    return found


def filled_in(one: Data, kind: QuestionKind) -> dict[str, Any]:
    """A question as the data of its form."""
    texts = {name: Localized.of(one[name])
             for name in ("prompt", "help", "minimum_label", "maximum_label", "unit", "image_alt")}
    plain = {name: one[name] for name in ("required", "prefer_not", "shuffled", "minimum", "maximum", "max_length")}
    days = {name: value for name, value in definition.columns("question", {**one, "kind": kind.value}).items()
            if name in ("earliest", "latest")}
    found = {**plain, **days, **one_for_each_language(**texts)}
    for part, name in (("option", "options"), ("row", "rows")):
        for at, each in enumerate(one[name]):
            found |= {f"{part}{at}_{field}": each.get(field) for field in ("code", "other", "alone", "quota")}
            found |= one_for_each_language(**{f"{part}{at}_label": Localized.of(each["label"])})
            found[f"{part}{at}_place"] = at + 1
    return found


class ConditionForm(VersionedForm):
    """One more part of a condition: what must have been answered to a question chosen before."""

    asked = HiddenField(validators=[Length(max=90)])
    test = SelectField(_l("What must hold"), [InputRequired(_l("Choose what must hold."))])
    number = IntegerField(_l("Number"), _WHOLE, description=_l("Only for “at least”, “at most” and “is” of a number."))
    text = StringField(_l("Text"), [Length(max=200)], description=_l("Only for “is” and “is not” of a text."))

    @classmethod
    def about(cls, asked: Any, naming: words.Naming, version: int) -> "ConditionForm":
        """The form for a question as conditions know it, with the tests that it can be asked."""
        form = cls(data={"asked": asked.code, "version": version})
        offered: list[tuple[str, Any]] = []
        for option in asked.options:
            label = naming.answer(asked.code, option)
            offered += [(f"is:{option}", _l("is “%(answer)s”", answer=label)),
                        (f"is_not:{option}", _l("is not “%(answer)s”", answer=label))]
        if asked.numeric:
            offered += [("at_least", _l("is at least (the number below)")),
                        ("at_most", _l("is at most (the number below)")),
                        ("is", _l("is exactly (the number below)"))]
            del form.text
        elif asked.options:
            del form.number, form.text
        else:
            offered += [("is", _l("is exactly (the text below)")), ("is_not", _l("is not (the text below)"))]
            del form.number
        offered += [("answered", _l("was answered")), ("unanswered", _l("was not answered"))]
        form.test.choices = choices(offered)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """A number or a text where the test asks for one."""
        sound = super().validate(extra_validators)
        compared = self.test.data in ("is", "is_not", "at_least", "at_most")
        for field in (self.number, self.text):
            if sound and compared and field is not None and field.data in (None, ""):
                field.errors = [_l("Write with what it is compared.")]
                return False
        return bool(sound)

    @property
    def said(self) -> Data:
        """The test that was typed."""
        name, _colon, value = str(self.test.data).partition(":")
        if name in ("answered", "unanswered"):
            return {"question": self.asked.data, "answered": name == "answered"}
        typed: Any = value or (self.number.data if self.number else self.text.data)
        return {"question": self.asked.data, name: typed}


class ImportForm(OnceForm):
    """A questionnaire that was looked through, to be taken over."""

    definition = HiddenField(validators=[Length(max=400_000)])
    version = HiddenField(default="0")


def translation_form(places: Sequence[tuple[str, Data]], code: str) -> type[Any]:
    """A form with a field for each of these texts in a language."""
    fields = {f"t{at}": TextAreaField(f"{LANGUAGES[code]}: {(text.get('it') or next(iter(text.values())))[:60]}",
                                      [Optional(), Length(max=4000)])
              for at, (_place, text) in enumerate(places)}
    return type("TranslationForm", (VersionedForm,), fields)
