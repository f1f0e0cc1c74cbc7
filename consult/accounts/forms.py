"""What people type about themselves."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from consult.accounts import domains, queries, rules
from consult.accounts.services import normalised
from consult.core.config import LANGUAGES
from consult.core.forms import Form, OnceForm, TimedForm, TrapForm, choices, chosen_id

ELSEWHERE = 0
"""What is chosen by whoever lives outside the territory; kept as no municipality."""
LONGEST_NEXT = 2000


def one_line(value: Any) -> Any:
    """A text without line ends and doubled spaces."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _readable(_form: Any, field: Any) -> None:
    if fault := rules.unfit_name(field.data or ""):
        raise ValidationError(fault)


def _email_field(sentence: Any, autocomplete: str = "email") -> EmailField:
    return EmailField(
        _l("E-mail address"),
        [InputRequired(sentence), Length(max=254), Email(_l("This is not an e-mail address: check its spelling."))],
        render_kw={"autocomplete": autocomplete, "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"})


def _new_password_field(label: Any) -> PasswordField:
    return PasswordField(
        label, [InputRequired(_l("Choose a password."))],
        description=_l("At least 12 characters. A few words that only you would put together are easy to remember "
                       "and hard to guess."),
        render_kw={"autocomplete": "new-password"})


def _name_field() -> StringField:
    return StringField(
        _l("The name that others see"),
        [InputRequired(_l("Write the name under which you want to appear.")), Length(max=80), _readable],
        filters=[one_line], render_kw={"autocomplete": "name"},
        description=_l("It appears beside what you write: your name, or one that you choose."))


def _municipality_field() -> SelectField:
    return SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality where you live."))],
                       coerce=chosen_id,
                       description=_l("Contributions are counted for each municipality. If you do not live in one of "
                                      "them you can take part all the same."))


def _with_municipalities(field: SelectField) -> None:
    field.choices = choices([("", _l("Choose")), *((str(town.id), town.name) for town in queries.municipalities()),
                             (str(ELSEWHERE), _l("I live elsewhere"))])


class SignInForm(Form):
    """An address, its password, and where to go then."""

    email = EmailField(_l("E-mail address"), [InputRequired(_l("Type your e-mail address.")), Length(max=254)],
                       render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"})
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))],
                             render_kw={"autocomplete": "current-password"})
    next = HiddenField(filters=[lambda value: (value or "")[:LONGEST_NEXT]], validators=[Length(max=LONGEST_NEXT)])


class RegisterForm(TimedForm, TrapForm, OnceForm):
    """What an account is made of."""

    email = _email_field(_l("Type your e-mail address: we send you a link to confirm it."))
    password = _new_password_field(_l("Password"))
    display_name = _name_field()
    municipality = _municipality_field()
    of_age = BooleanField(validators=[InputRequired(_l("Tick the box: younger people cannot register by themselves."))])
    minor = BooleanField(
        _l("I am not 18 yet"),
        description=_l('The names of people under 18 are never shown: others read "a citizen of" and the '
                       "municipality."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        _with_municipalities(self.municipality)
        self.of_age.label.text = _l("I am at least %(age)s years old", age=queries.minimum_age())

    def validate_email(self, field: Any) -> None:
        """Refuse addresses made to be thrown away."""
        if fault := domains.why_refused(field.data or ""):
            raise ValidationError(fault)

    def validate_password(self, field: Any) -> None:
        """Refuse what is easy to guess for whoever knows the address or the name."""
        if fault := rules.weakness(field.data, *rules.known_words(self.email.data, self.display_name.data)):
            raise ValidationError(fault)


class AddressForm(TrapForm, OnceForm):
    """An address to which a link is sent."""

    email = _email_field(_l("Type the e-mail address with which you registered."))


class NewPasswordForm(Form):
    """A new password for somebody whose address and name are known."""

    password = _new_password_field(_l("New password"))

    def __init__(self, person: Any, **options: Any) -> None:
        super().__init__(**options)
        self._known = rules.known_words(person.email, person.display_name)

    def validate_password(self, field: Any) -> None:
        """Refuse what is easy to guess."""
        if fault := rules.weakness(field.data, *self._known):
            raise ValidationError(fault)


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    old_password = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password."))],
                        render_kw={"autocomplete": "current-password"})


class NewAddressForm(OnceForm):
    """The address to which an account is to move."""

    email = _email_field(_l("Type the new e-mail address: we send it a link."))

    def __init__(self, person: Any, **options: Any) -> None:
        super().__init__(**options)
        self._present = person.email

    def validate_email(self, field: Any) -> None:
        """Refuse the present address, and those made to be thrown away."""
        if normalised(field.data or "") == self._present:
            raise ValidationError(_l("This is the address that your account has already."))
        if fault := domains.why_refused(field.data or ""):
            raise ValidationError(fault)


class DomainForm(Form):
    """A domain whose addresses are refused."""

    domain = StringField(
        _l("Domain"), [InputRequired(_l("Write a domain, such as example.org.")), Length(max=253)],
        description=_l("What stands after the @. Domains below it are refused as well."),
        render_kw={"autocomplete": "off", "inputmode": "url", "spellcheck": "false", "autocapitalize": "none"})

    def validate_domain(self, field: Any) -> None:
        """Only what can be a domain."""
        if domains.named(field.data or "") is None:
            raise ValidationError(_l("This is not a domain: check its spelling."))


class ProfileForm(Form):
    """How somebody is shown and written to."""

    display_name = _name_field()
    municipality = _municipality_field()
    language = SelectField(_l("Language of the messages we send you"), [InputRequired(_l("Choose a language."))],
                           choices=choices(LANGUAGES.items()))
    hides_name = BooleanField(
        _l("Do not show my name"),
        description=_l('Others then read "a citizen of" and your municipality, also beside what you wrote before.'))
    minor = BooleanField(
        _l("I am not 18 yet"),
        description=_l('The names of people under 18 are never shown: others read "a citizen of" and the '
                       "municipality."))

    def __init__(self, person: Any, **options: Any) -> None:
        town = ELSEWHERE if person.municipality_id is None else person.municipality_id
        super().__init__(display_name=person.display_name, municipality=town, language=person.language,
                         hides_name=not person.shows_name, minor=person.minor, **options)
        if person.age_verified:
            del self.minor
        if person.verified:
            del self.municipality
        else:
            _with_municipalities(self.municipality)

    @property
    def municipality_id(self) -> int | None:
        """The municipality chosen, None for elsewhere."""
        return (self.municipality.data or None) if "municipality" in self else None

    @property
    def is_minor(self) -> bool | None:
        """What was declared; None where the age was verified."""
        return self.minor.data if "minor" in self else None
