"""What people and clerks type to verify somebody."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, EmailField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from consult.accounts import queries as accounts
from consult.accounts.forms import one_line
from consult.accounts.models import Tie
from consult.core import clock
from consult.core.forms import Form, OnceForm, choices, chosen_id
from consult.verification import ages, codes, taxcode, words
from consult.verification.models import CodePurpose, Document

_LONGEST_LIFE = timedelta(days=366)


def _sound_tax_code(_form: Any, field: Any) -> None:
    if not taxcode.sound(taxcode.tidy(field.data or "")):
        raise ValidationError(_l("This is not a tax code: check its sixteen letters and digits."))


def _tax_code_field(description: Any) -> StringField:
    return StringField(
        _l("Tax code"), [InputRequired(_l("Write the tax code.")), Length(max=40), _sound_tax_code],
        description=description,
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


def _municipality_field(sentence: Any) -> SelectField:
    return SelectField(_l("Municipality"), [InputRequired(sentence)], coerce=chosen_id)


def _with_municipalities(field: SelectField) -> None:
    field.choices = choices([("", _l("Choose")), *((str(town.id), town.name) for town in accounts.municipalities())])


class RegisterForm(Form):
    """What is compared with the register; nothing of it is kept."""

    tax_code = _tax_code_field(_l("It is on your health card. We compare it with the register and do not keep it."))
    born = DateField(_l("Day of birth"), [InputRequired(_l("Write your day of birth."))],
                     render_kw={"autocomplete": "bday"})

    def validate_born(self, field: Any) -> None:
        """Refuse a day on which nobody who can type this was born."""
        if field.data and not date(1900, 1, 1) <= field.data <= clock.today():
            raise ValidationError(_l("This is not a day of birth."))


def _code() -> StringField:
    return StringField(_l("Code"), [InputRequired(_l("Write the code that you were given.")), Length(max=40)],
                       description=_l("Twelve letters and digits, as in ABCD-EFGH-JKMN."),
                       render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class CodeForm(Form):
    """A code from a sheet or a letter."""

    code = _code()
    took_part = BooleanField(
        _l("I took part with this code, without my account"),
        description=_l("What you did with it then counts as yours. If you also voted with your account, the vote of "
                       "the account is left."))


class BringForm(Form):
    """A code with which somebody takes part without an account; also on the page of what they take part in."""

    code = _code()
    next = HiddenField(validators=[Length(max=2000)])


class FindForm(Form):
    """The account of whoever stands at the desk."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(_l("Write the e-mail address with which the person registered.")),
                               Length(max=254)],
        description=_l("Exactly as in the person's account: accounts cannot be looked for in any other way."),
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"})


class DeskForm(FindForm):
    """What a clerk has seen."""

    tie = RadioField(_l("What ties the person to the municipality"), [InputRequired()], coerce=Tie,
                     choices=choices((tie.value, words.TIES[tie]) for tie in Tie), default=Tie.RESIDES)
    municipality = _municipality_field(_l("Choose the municipality."))
    age_band = SelectField(_l("Age"), [InputRequired(_l("Choose the age.")), DataRequired(_l("Choose the age."))])
    tax_code = _tax_code_field(_l("It serves to notice whoever is verified twice. It is not kept: what is kept cannot "
                                  "be read back."))
    document = SelectField(_l("Document shown"), [InputRequired(_l("Choose the document."))], coerce=Document,
                           choices=choices((one.value, words.DOCUMENTS[one]) for one in Document),
                           description=_l("Only its kind: never write its number."))
    reason = StringField(_l("Why at the desk"), [
        InputRequired(_l("Say why the person was verified at the desk.")),
        DataRequired(_l("Say why the person was verified at the desk.")), Length(max=300)], filters=[one_line],
        description=_l("For whoever checks later, as in: came to the desk, has no digital identity. No data of the "
                       "person."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        _with_municipalities(self.municipality)
        self.age_band.choices = choices(
            [("", _l("Choose")), *((band, words.age_band(band)) for band in ages.BANDS)])


class CodesForm(OnceForm):
    """A sheet of codes."""

    municipality = _municipality_field(_l("Choose the municipality."))
    purpose = RadioField(_l("How they are handed out"), [InputRequired(_l("Say how they are handed out."))],
                         coerce=CodePurpose, choices=choices((one.value, words.PURPOSES[one]) for one in CodePurpose),
                         default=CodePurpose.ASSEMBLY)
    tie = SelectField(_l("Whoever uses one"), [InputRequired()], coerce=Tie, default=Tie.RESIDES,
                      choices=choices((tie.value, words.TIES[tie]) for tie in Tie))
    number = IntegerField(_l("How many"), [InputRequired(_l("Say how many.")), NumberRange(1, codes.MOST)], default=50)
    last_day = DateField(_l("Good until"), [InputRequired(_l("Say until when they are good."))],
                         description=_l("That day included."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        _with_municipalities(self.municipality)

    def validate_last_day(self, field: Any) -> None:
        """Refuse a day that has passed, and codes that lie about for years."""
        if field.data and not clock.today() <= field.data <= clock.today() + _LONGEST_LIFE:
            raise ValidationError(_l("Choose a day from today on, within a year."))

    @property
    def expires_at(self) -> datetime:
        """The midnight after the last day, in Rome."""
        return end_of(self.last_day.data)

    @property
    def form_key(self) -> str:
        """What tells this form from every other that was shown."""
        return hashlib.sha256(str(self.once.data).encode()).hexdigest()


class CloseForm(Form):
    """What became of a conflict."""

    free = RadioField(_l("What is to happen"), [InputRequired(_l("Say what is to happen."))], choices=choices([
        ("no", _l("The first verification stays")),
        ("yes", _l("The first verification is taken back, so that the person refused can be verified"))]))
    note = StringField(_l("What you found out"), [
        InputRequired(_l("Say in short what you found out.")), DataRequired(_l("Say in short what you found out.")),
        Length(max=300)], filters=[one_line], description=_l("For your colleagues. No document numbers."))


def end_of(day: date) -> datetime:
    """The instant at which a day is over in Rome."""
    return datetime.combine(day + timedelta(days=1), time(), clock.ROME).astimezone(UTC)
