"""Fields and rows of the forms of staff: days, amounts, values of an enumeration, lists that a button makes longer."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import Length

from consult.core.forms import Form

DEAREST = 2_000_000_000
MOST_ROWS = 30
YEARS = range(1990, 2100)


def at_most(number: int) -> Length:
    """No longer than so many characters."""
    return Length(max=number, message=_l("Write at most %(number)s characters.", number=number))


class DayField(DateField):
    """A day of the calendar, within the years a plan can speak of."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = date.fromisoformat(valuelist[0].strip())
        except ValueError:
            self.data = None
            raise ValueError(_l("Write the day as day, month and year, such as 31/12/2030.")) from None
        if self.data.year not in YEARS:
            raise ValueError(_l("Choose a year between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))


class EurosField(StringField):
    """An amount in whole euros, as people write it: 250000, 250.000, 250.000 €."""

    data: Any

    def _value(self) -> str:
        return str(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        digits = "".join(typed.split()).removesuffix("€").removesuffix(",00").replace(".", "").replace("'", "")
        self.data = None
        if not digits:
            return
        if not (digits.isascii() and digits.isdecimal()):
            self.data = typed
            raise ValueError(_l("Write the amount in whole euros, with digits only, such as 250000."))
        if len(digits) > 10 or int(digits) > DEAREST:
            self.data = typed
            raise ValueError(_l("Write an amount of at most %(most)s euros.", most=DEAREST))
        self.data = int(digits)


def of_enum(kind: type[Any]) -> Any:
    """What a field of an enumeration keeps of what was chosen: its value."""
    return lambda value: getattr(value, "value", value)


class Row(Form):
    """A row of a list in a form: what nobody filled in is no row."""

    class Meta(Form.Meta):
        csrf = False

    NAMED = "title"
    """The field without which a row says nothing."""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(field.data for field in self if field.type not in ("SelectField", "HiddenField"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if sound and not self.empty and not self[self.NAMED].data:
            self[self.NAMED].errors = [_l("Fill in this field, or empty the whole row.")]
            return False
        return sound

    @property
    def values(self) -> dict[str, Any]:
        """As the columns of what it becomes."""
        return {name: field.data for name, field in self._fields.items()}
