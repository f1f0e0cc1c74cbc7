"""What somebody new says who comes with an identity."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.accounts import queries as accounts
from consult.accounts import rules
from consult.accounts.forms import ELSEWHERE, one_line
from consult.core.forms import OnceForm, choices, chosen_id


class EnterForm(OnceForm):
    """Somebody known goes on."""


class NewAccountForm(OnceForm):
    """The little that a provider does not say."""

    display_name = StringField(
        _l("The name that others see"),
        [InputRequired(_l("Write the name under which you want to appear.")), Length(max=80)], filters=[one_line],
        description=_l("It appears beside what you write: your name, or one that you choose."))
    municipality = SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality where you live."))],
                               coerce=chosen_id)
    of_age = BooleanField(validators=[InputRequired(_l("Tick the box: younger people cannot register by themselves."))])

    def __init__(self, proof: Any, **options: Any) -> None:
        super().__init__(**{"display_name": proof.name, **options})
        if proof.municipality_id is not None:
            del self.municipality
        else:
            self.municipality.choices = choices(
                [("", _l("Choose")), *((str(town.id), town.name) for town in accounts.municipalities()),
                 (str(ELSEWHERE), _l("I live elsewhere"))])
        if proof.age is not None:
            del self.of_age
        else:
            self.of_age.label.text = _l("I am at least %(age)s years old", age=accounts.minimum_age())

    def validate_display_name(self, field: Any) -> None:
        """Refuse what cannot be shown as a name."""
        if fault := rules.unfit_name(field.data or ""):
            raise ValidationError(fault)

    @property
    def municipality_id(self) -> int | None:
        """The municipality chosen, None for elsewhere and where the provider said it."""
        return (self.municipality.data or None) if "municipality" in self else None
