"""Forms with which the plan office sets up a call for proposals and what it asks beside the text."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from consult.core.config import LANGUAGES
from consult.core.forms import (
    CheckboxesField,
    OnceForm,
    VersionedForm,
    choices,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.core.languages import DEFAULT, Localized
from consult.office.forms import ActivityForm, NewActivityForm, choice_of
from consult.processes.models import Process
from consult.processes.services import TimetableError, UnreadyError
from consult.proposals import words
from consult.proposals.calls import TAKEN_OVER, FieldWording, InUseError
from consult.proposals.models import Asking, CallField, FieldKind, ProposalCall
from consult.voting import queries as voting

MOST_LINES, LONGEST_LINE = 40, 120
OFF, ON, LIMITED = "off", "on", "limited"
ASKED = ("asks_axis", "asks_category", "asks_place", "asks_cost", "asks_attachments")
PLAIN = (*ASKED, "takes_amendments", "only_axes", "only_places", "most_per_person", "most_per_organisation")
_MANY = [Optional(), NumberRange(min=1, max=1000, message=_l("Write a whole number between 1 and 1,000."))]


def lines_of(form: Any, name: str) -> list[Localized]:
    """What was typed one in each line, in each language."""
    typed = {code: [" ".join(line.split()) for line in (form[f"{name}_{code}"].data or "").splitlines()
                    if line.strip()] for code in LANGUAGES}
    return [Localized.of({code: typed[code][place] for code in LANGUAGES if place < len(typed[code])})
            for place in range(len(typed[DEFAULT]))]


def in_lines(texts: list[Localized]) -> Localized:
    """Texts one in each line, in the languages in which all of them are there."""
    return Localized.of({code: "\n".join(text[code] for text in texts) for code in LANGUAGES
                         if texts and all(text.get(code) for text in texts)})


def check_lines(form: Any, name: str) -> None:
    """Refuse lines that say the same twice, that are too long or too many, or that lack their translation."""
    lines = {code: [" ".join(line.split()) for line in (form[f"{name}_{code}"].data or "").splitlines()
                    if line.strip()] for code in LANGUAGES}
    first = lines[DEFAULT]
    if len(set(first)) < len(first):
        raise ValidationError(_l("The same line is there twice: take one away."))
    if len(first) > MOST_LINES or any(len(line) > LONGEST_LINE for each in lines.values() for line in each):
        raise ValidationError(_l("Write at most 40 lines, each of at most 120 characters."))
    if any(each and len(each) != len(first) for each in lines.values()):
        raise ValidationError(_l("In each language there must be as many lines as in Italian, or none."))


@in_each_language("categories", TextAreaField, _l("Categories of proposals"), most=4000, description=_l(
    "One in each line, for example: a service, a place, a rule. None: no category is asked."))
class CallSettings:
    """What is decided of a call beside what every activity has."""

    guide = TextAreaField(_l("Guide for whoever proposes"), [Length(max=4000)],
                          description=_l("Shown above the form. Markdown can be used."))
    body_template = TextAreaField(_l("Outline of the text"), [Length(max=3000)], description=_l(
        "Stands in the form before anybody writes, for example: What is the problem? What do you propose?"))
    most_per_person = IntegerField(_l("Proposals for each person, at most"), _MANY, description=_l(
        "Empty: as many as one likes. What was withdrawn does not count."))
    most_per_organisation = IntegerField(_l("Proposals for each organisation, at most"), _MANY)
    supports = SelectField(_l("Supports"), [InputRequired()], default=ON, choices=choices([
        (ON, _l("Everybody supports as many proposals as they like")),
        (LIMITED, _l("Each person can support a limited number")), (OFF, _l("Proposals are not supported"))]))
    supports_each = IntegerField(_l("How many proposals each person can support"), _MANY,
                                 description=_l("Only where the number is limited."))
    takes_amendments = BooleanField(_l("Amendments"), description=_l(
        "Whoever takes part may propose how to change the text of a proposal; its authors accept or decline."))
    asks_axis = choice_of(_l("Theme of the plan"), Asking, words.ASKING, default=Asking.OPTIONAL)
    only_axes = CheckboxesField(_l("Only these themes"), [Optional()], description=_l("None chosen: all."))
    asks_category = choice_of(_l("Category"), Asking, words.ASKING, default=Asking.OPTIONAL)
    asks_place = choice_of(_l("A place"), Asking, words.ASKING, default=Asking.NOT)
    only_places = CheckboxesField(_l("Only places in these municipalities"), [Optional()],
                                  description=_l("None chosen: in all."))
    asks_cost = choice_of(_l("What it costs"), Asking, words.ASKING, default=Asking.NOT)
    asks_attachments = choice_of(_l("Pictures and documents"), Asking, words.ASKING, default=Asking.NOT)

    call: ProposalCall | None = None
    openers = columns = None

    def offer(self: Any, process: Process) -> None:
        """Offer the themes and the municipalities of the percorso."""
        self.only_axes.choices = choices((axis.code, axis.title) for axis in process.axes)
        self.only_places.choices = choices((town.istat_code, town.name) for town in process.authority.municipalities)

    def validate_categories_it(self: Any, field: Any) -> None:
        """One category in each line."""
        check_lines(self, "categories")

    def validate(self: Any, extra_validators: Any = None) -> bool:
        """A number of supports where it is limited, and one that nobody has passed already."""
        sound: bool = super().validate(extra_validators)  # type: ignore[misc]
        each = self.supports_each
        if self.supports.data != LIMITED or each.errors:
            return sound
        given = voting.most_given(self.call) if self.call else 0
        if each.data is None:
            each.errors = [_l("Say how many proposals each person can support.")]
        elif each.data < given:
            each.errors = [_l("Somebody supports %(given)s proposals already: the number cannot be lower.",
                              given=given)]
        return sound and not each.errors

    def refuse(self: Any, fault: TimetableError | UnreadyError | InUseError) -> None:
        """Show at its field what cannot be."""
        field = self[fault.field if fault.field in self else f"{fault.field}_{DEFAULT}"]
        field.errors = [*field.errors, fault.sentence]

    @property
    def values(self: Any) -> dict[str, Any]:
        """The columns that were typed."""
        limited = self.supports.data == LIMITED
        return {**super().values, **{name: self[name].data for name in PLAIN},  # type: ignore[misc]
                "guide": self.guide.data or "", "body_template": self.body_template.data or "",
                "supports_open": self.supports.data != OFF,
                "supports_each": self.supports_each.data if limited else None}

    @property
    def categories(self: Any) -> list[Localized]:
        """The categories that were typed."""
        return lines_of(self, "categories")


def data_of(call: ProposalCall) -> dict[str, Any]:
    """What a call asks, as the data of the form."""
    supports = OFF if not call.supports_open else ON if call.supports_each is None else LIMITED
    return {**{name: getattr(call, name) for name in (*PLAIN, "guide", "body_template", "supports_each")},
            "supports": supports,
            **one_for_each_language(categories=in_lines([one.name for one in call.categories]))}


class CallForm(CallSettings, ActivityForm):
    """Changes a call."""

    @classmethod
    def filled_in(cls, call: ProposalCall) -> Any:
        """The form, filled in with what is saved."""
        form = cls.of(call, **data_of(call))
        form.call = call
        form.offer(call.phase.process)
        return form


class NewCallForm(CallSettings, NewActivityForm):
    """A new call, empty or as an earlier one was."""

    earlier = HiddenField(validators=[Length(max=12)])

    @classmethod
    def after(cls, process: Process, earlier: ProposalCall | None) -> "NewCallForm":
        """The form, filled in with what an earlier call was; its times and whether it is public are left open."""
        data: dict[str, Any] = {}
        if earlier is not None:
            kept = {name: getattr(earlier, name) for name in TAKEN_OVER}
            texts = {name: kept.pop(name) for name in ("title", "intro", "negotiable")}
            data = {**kept, **data_of(earlier), **one_for_each_language(**texts), "earlier": str(earlier.id)}
        form = cls(process, data=data)
        form.offer(process)
        return form


@in_each_language("label", StringField, _l("What is asked"), required=_l("Say what is asked."), most=150)
@in_each_language("help", StringField, _l("Help"), most=300, description=_l(
    "A sentence under the question, for whoever wonders what to write."))
@in_each_language("options", TextAreaField, _l("Options"), most=4000, description=_l(
    "Only for a choice. One in each line."))
class OwnFieldFields:
    """What is decided of an own field."""

    kind = choice_of(_l("Kind of answer"), FieldKind, words.FIELD_KINDS, default=FieldKind.SHORT_TEXT)
    required = BooleanField(_l("Obligatory"))

    def validate_options_it(self: Any, field: Any) -> None:
        """One option in each line."""
        check_lines(self, "options")

    def validate(self: Any, extra_validators: Any = None) -> bool:
        """A choice has at least two options."""
        sound: bool = super().validate(extra_validators)  # type: ignore[misc]
        if self.kind.data is FieldKind.CHOICE and not self.options_it.errors and len(lines_of(self, "options")) < 2:
            self.options_it.errors = [_l("Write at least two options, one in each line.")]
        return sound and not self.options_it.errors

    def refuse(self: Any, fault: InUseError) -> None:
        """Show at its field what cannot be."""
        field = self[fault.field if fault.field in self else f"{fault.field}_{DEFAULT}"]
        field.errors = [*field.errors, fault.sentence]

    @property
    def wording(self: Any) -> FieldWording:
        """What was typed, as the services take it."""
        return FieldWording(
            kind=self.kind.data, label=localized(self, "label"), help=localized(self, "help"),
            required=self.required.data,
            options=lines_of(self, "options") if self.kind.data is FieldKind.CHOICE else ())


class NewFieldForm(OwnFieldFields, OnceForm):
    """A new own field."""


class FieldForm(OwnFieldFields, VersionedForm):
    """Changes an own field."""

    @classmethod
    def filled_in(cls, field: CallField) -> "FieldForm":
        """The form, filled in with what is saved."""
        return cls(data={
            **one_for_each_language(label=field.label, help=field.help,
                                    options=in_lines([option.name for option in field.options])),
            "kind": field.kind, "required": field.required, "version": field.version})
