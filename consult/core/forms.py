"""The base of all forms, and fields that several features use."""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask import request
from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms import DateTimeLocalField, Field, FileField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from consult.core import clock, config, languages, richtext
from consult.core.config import LANGUAGES
from consult.core.languages import Localized

MAX_LINE = 200
MAX_TEXT = 20_000
LEAST_SECONDS = 3


def tidy(value: Any) -> Any:
    """Trim a typed text and drop what cannot be kept: control characters, lone surrogates."""
    if not isinstance(value, str):
        return value
    return richtext.plain(value.encode("utf-8", "replace").decode("utf-8"))


_NOT_OFFERED = _l("Choose one of the values offered.")
_SENTENCES: dict[str, LazyString] = {
    "This field is required.": _l("Fill in this field."),
    "Not a valid choice.": _NOT_OFFERED,
    "Invalid Choice: could not coerce.": _NOT_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": _NOT_OFFERED,
    "'%(value)s' are not valid choices for this field.": _NOT_OFFERED,
    "Field must be at least %(min)d characters long.": _l("This is too short: at least %(min)d characters."),
    "Field cannot be longer than %(max)d characters.": _l("This is too long: at most %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write between %(min)d and %(max)d characters."),
    "Not a valid integer value.": _l("Write a whole number."),
    "Not a valid decimal value.": _l("Write a number."),
    "Not a valid float value.": _l("Write a number."),
    "Number must be at least %(min)s.": _l("Write a number of at least %(min)s."),
    "Number must be at most %(max)s.": _l("Write a number of at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Write a number between %(min)s and %(max)s."),
    "Not a valid date value.": _l("This is not a date."),
    "Not a valid datetime value.": _l("This is not a date with its time."),
    "Not a valid time value.": _l("This is not a time of day."),
}
"""What WTForms says by itself, said so that one knows what to do."""


class _Sentences:
    """The sentences of the fields and validators that come with WTForms, in the language of the page."""

    def gettext(self, text: str) -> str:
        return str(_SENTENCES.get(text) or _of_the_library(languages.current()).gettext(text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return str(_SENTENCES.get(plural) or _of_the_library(languages.current()).ngettext(singular, plural, number))


@cache
def _of_the_library(language: str) -> Any:
    """Read once, not for each form."""
    return get_translations([language])


class Form(FlaskForm):
    """A form whose fields are tidied and bounded, whatever the browser sends."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Sentences:
            return _Sentences()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what a form sends: JSON, and files where no file is asked for, would bring what is no text."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
                return None
            asked_for = {field.name for field in form if isinstance(field, FileField)}
            sent: MultiDict[str, Any] = MultiDict(request.form)
            sent.update({name: request.files.getlist(name) for name in asked_for})
            return sent

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and kind.__name__ != "PasswordField":
                filters = [*unbound_field.kwargs.get("filters", ()), tidy]
                options = {**options, "filters": filters}
            return super().bind_field(form, unbound_field, options)

    def accepted(self) -> bool:
        """True when the form was sent and is sound."""
        return bool(self.validate_on_submit())

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        for field in self:
            if field.process_errors and field.errors:  # what is no number is not also too small
                field.errors = list(field.process_errors)
            if isinstance(field, StringField) and isinstance(field.data, str):
                most = MAX_TEXT if isinstance(field, TextAreaField) else MAX_LINE
                limited = any(isinstance(v, Length) and v.max > 0 for v in field.validators)
                if not limited and len(field.data) > most:
                    field.errors = [*field.errors, _l("This is too long: at most %(most)s characters.", most=most)]
                    sound = False
        return sound


class MomentField(DateTimeLocalField):
    """An instant, typed and shown as the clocks of Rome show it, to the minute."""

    YEARS = range(2000, 2101)
    data: datetime | None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"format": ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options})

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self._shown(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(typed.strip() for typed in valuelist):
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is None:
            return
        if self.data.year not in self.YEARS:
            self.data = None
            raise ValueError(_l("This is not a date with its time."))
        typed = self.data.replace(tzinfo=clock.ROME)
        before = self.object_data
        self.data = before if before and self._shown(before) == self._shown(typed) else typed.astimezone(UTC)

    def _shown(self, instant: datetime) -> str:
        return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


class NumberField(StringField):
    """A number typed as people of the language of the page type it: `1.500,50` in Italian, `1,500.50` in English."""

    data: Decimal | None

    def __init__(self, *arguments: Any, decimals: int = 2, most: Decimal = Decimal(10**9), signed: bool = False,
                 **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.decimals, self.most, self.signed = decimals, most, signed

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else shown_number(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = typed_number(typed) if typed else None
        if self.data is None:
            if typed:
                raise ValueError(_l("Write a number, in digits."))
            return
        number, self.data = self.data, None
        if number < 0 and not self.signed:
            raise ValueError(_l("Write a number that is not below zero."))
        if abs(number) >= self.most:
            raise ValueError(_l("This number is too large: write one below %(most)s.", most=format_decimal(self.most)))
        if number != round(number, self.decimals):
            raise ValueError(_l("Write at most %(num)s digits after the decimal sign.", num=self.decimals))
        self.data = number


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def typed_number(typed: str) -> Decimal | None:
    """What was typed as a number of the language of the page, with the euro sign or without; None if it is none."""
    grouping, decimal = (",", ".") if languages.current() == "en" else (".", ",")
    bare = re.sub(r"[\s\u202f€'’]", "", typed)
    if re.fullmatch(rf"-?[0-9]{{1,3}}(\{grouping}[0-9]{{3}})+(\{decimal}[0-9]+)?", bare):
        bare = bare.replace(grouping, "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def shown_number(number: Decimal) -> str:
    """A number as one would type it, without groups."""
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain if languages.current() == "en" else plain.replace(".", ",")


class CheckboxesField(SelectMultipleField):
    """Several of what is offered, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def in_each_language(name: str, kind: type[Field], label: LazyString, *, required: LazyString | None = None,
                     most: int, description: LazyString | str = "") -> Callable[[type[Any]], type[Any]]:
    """Give a form a field for a text of the staff in every language; only the Italian one may be required."""

    def add(form: type[Any]) -> type[Any]:
        for code, language in LANGUAGES.items():
            first = code == languages.DEFAULT
            needed = [InputRequired(required), DataRequired(required)] if first and required else [Optional()]
            said = label if first else _l("%(what)s (%(language)s)", what=label, language=language)
            setattr(form, f"{name}_{code}", kind(said, [*needed, Length(max=most)],
                                                 description=description if first else ""))
        return form

    return add


def localized(form: Form, name: str) -> Localized:
    """What was typed into the fields that `in_each_language` made."""
    return Localized.of({code: form[f"{name}_{code}"].data or "" for code in LANGUAGES})


def one_for_each_language(**texts: Localized) -> dict[str, str]:
    """Texts of the staff as the data of a form that `in_each_language` made."""
    return {f"{name}_{code}": text.get(code, "") for name, text in texts.items() for code in LANGUAGES}


class OnceForm(Form):
    """A form that is one act however often it is sent: its key is new at each showing."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=64)])


class TrapForm(Form):
    """A form open to everybody, with a field that no person sees: whoever fills it in is a machine.

    Its name is none that a browser or a manager of passwords knows how to fill in, and it says to leave it alone.
    A machine is to be answered as anybody else, and nothing is to be done.
    """

    topic = StringField(_l("Leave this field empty"), filters=[lambda value: (value or "")[:MAX_LINE]], render_kw={
        "autocomplete": "off", "tabindex": "-1", "data-1p-ignore": "", "data-lpignore": "true", "data-bwignore": "",
        "data-form-type": "other"})

    @property
    def sprung(self) -> bool:
        """True when the field was filled in."""
        return bool(self.topic.data)


class TimedForm(Form):
    """A form that nobody fills in within seconds: what comes back sooner is shown once more, to be sent again."""

    shown = HiddenField(default=lambda: str(_stamps().dumps(int(clock.now().timestamp()))),
                        validators=[Length(max=200)])

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        settings = config.current()
        if sound and settings.rate_limits and not settings.demo and self._seconds() < LEAST_SECONDS:
            self.form_errors.append(_l("That was very quick. Look again at what you typed, then send it once more."))
            return False
        return sound

    def _seconds(self) -> float:
        """For how long the form was open; none at all where the mark of the page is missing, and then it gets one."""
        try:
            since = float(_stamps().loads(self.shown.data or ""))
        except (BadSignature, TypeError, ValueError):
            self.shown.data = self.shown.default()
            return 0
        return clock.now().timestamp() - since


def _stamps() -> URLSafeSerializer:
    return URLSafeSerializer(config.current().secret_key, salt="shown")


class VersionedForm(Form):
    """A form that knows which version of the thing it edits."""

    version = HiddenField(default="0")

    @property
    def seen(self) -> int:
        """The version that was on the page; -1 where the field was tampered with."""
        return int(self.version.data) if str(self.version.data).isdigit() and len(str(self.version.data)) < 9 else -1


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values and their labels, as the fields that offer a choice take them."""
    return [SelectChoice(value, label) for value, label in pairs]


def chosen_id(value: str | None) -> int | None:
    """Coerce an optional select value to an id."""
    if value in (None, "", "None"):
        return None
    if not str(value).isdigit() or len(str(value)) > 9:
        raise ValidationError(_l("Choose one of the values offered."))
    return int(str(value))


def argument(name: str, length: int = 200) -> str:
    """A query parameter as tidy text, cut to a sane length."""
    return str(tidy(request.args.get(name, "")[: length * 2]))[:length]
