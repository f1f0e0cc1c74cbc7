"""The own fields of a call as fields of the form in which a proposal is written."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from consult.core.forms import Form, NumberField, choices, chosen_id
from consult.proposals.answers import Value, asked_by
from consult.proposals.models import CallField, FieldKind, ProposalCall

PREFIX = "own_"
SHORT, LONG = 200, 4000
YEARS = range(1800, 2201)


class DayField(DateField):
    """A day, of a year in which people live."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(typed.strip() for typed in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(_l("This is not a date."))


def form_of(base: type[Form], call: ProposalCall) -> type[Form]:
    """A form with a field for each thing that a call asks beside the usual."""
    own = {f"{PREFIX}{field.id}": _field(field) for field in asked_by(call)}
    return cast("type[Form]", type(base.__name__, (base,), own)) if own else base


def _field(field: CallField) -> Field:
    common: dict[str, Any] = {"description": str(field.help)}
    label = str(field.label)
    if field.kind is FieldKind.SHORT_TEXT:
        return StringField(label, [*_needed(field, _l("Answer this.")), Length(
            max=SHORT, message=_l("Write at most 200 characters."))], **common)
    if field.kind is FieldKind.LONG_TEXT:
        return TextAreaField(label, [*_needed(field, _l("Answer this.")), Length(
            max=LONG, message=_l("Write at most 4,000 characters."))], **common)
    if field.kind is FieldKind.NUMBER:
        return NumberField(label, _needed(field, _l("Write a number, in digits.")), decimals=3, signed=True, **common)
    if field.kind is FieldKind.DATE:
        return DayField(label, _needed(field, _l("Choose a day.")), **common)
    return SelectField(label, _needed(field, _l("Choose one of these.")), coerce=chosen_id, choices=choices(
        [("", _l("Choose")), *((str(option.id), str(option.name)) for option in field.options)]), **common)


def _needed(field: CallField, sentence: Any) -> list[Any]:
    if not field.required:
        return []
    return [DataRequired(sentence)] if field.kind in {FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT} else [
        Present(sentence)]


class Present:
    """Asks for a value, zero included; what is no value at all has been told so already."""

    def __init__(self, message: Any) -> None:
        self.message, self.field_flags = message, {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise StopValidation(self.message)


def answers_of(form: Any) -> dict[int, Value]:
    """What was answered to the own fields, by their ids."""
    return {int(name.removeprefix(PREFIX)): field.data for name, field in form._fields.items()
            if name.startswith(PREFIX) and field.data not in (None, "")}


def data_of(answers: Mapping[int, Value]) -> dict[str, Value]:
    """Answers as the data of the form."""
    return {f"{PREFIX}{id}": value for id, value in answers.items()}
