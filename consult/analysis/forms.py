"""Forms for indicators, their values, and files of them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from consult.analysis import files, words
from consult.analysis.models import Breakdown, Gathering, Indicator, Theme
from consult.analysis.queries import Key, Values
from consult.core import clock, spreadsheet
from consult.core.forms import (
    NumberField,
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
    in_each_language,
    localized,
    one_for_each_language,
    tidy,
)
from consult.territory.models import Municipality

TEXTS = ("title", "unit", "description")
PLAIN = ("code", "source", "source_url", "year", "residents")
FIRST_YEAR = 1861
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PAGES = {"aggiungi", "file"}
"""What stands in addresses in the place of a code."""


def _texts(form: type) -> type:
    """Give a form the fields of an indicator in each language."""
    for name, kind, label, options in reversed((
            ("title", StringField, _l("Title"), {"required": _l("Give the indicator a title."), "most": 160}),
            ("unit", StringField, _l("Unit"), {"most": 40, "description": _l("As in: residents, %, euros, minutes.")}),
            ("description", TextAreaField, _l("What it says"), {"most": 2000}))):
        form = in_each_language(name, kind, label, **options)(form)
    return form


@_texts
class IndicatorForm(VersionedForm, OnceForm):
    """An indicator; `values_form` adds a field for the value of each municipality."""

    code = StringField(_l("Code"), [InputRequired(_l("Give the indicator a code.")), Length(max=60)], description=_l(
        "Small letters, digits, hyphens: it stands in the address of the page and in files."))
    theme = SelectField(_l("Theme"), [InputRequired()],
                        choices=choices((one.value, name) for one, name in words.THEMES.items()))
    year = IntegerField(_l("Year"), [
        InputRequired(_l("Write of which year the figures are.")),
        NumberRange(FIRST_YEAR, 2100, _l("Write a year, as in 2024."))])
    source = StringField(_l("Source"), [InputRequired(_l("Say where the figures come from.")), Length(max=200)])
    source_url = StringField(_l("Address of the source"), [Length(max=300)])
    breakdown = RadioField(_l("Values"), [InputRequired()], default=Breakdown.TOTAL.value,
                           choices=choices((one.value, name) for one, name in words.BREAKDOWNS.items()))
    gathering = RadioField(_l("Figure of the whole territory"), [InputRequired()], default=Gathering.SUM.value,
                           choices=choices((one.value, name) for one, name in words.GATHERINGS.items()))
    weighted_by = SelectField(_l("The mean is weighted by"), coerce=chosen_id)
    stated = NumberField(_l("What the source says of the whole territory"), signed=True, decimals=4,
                         most=Decimal(10**12))
    residents = BooleanField(_l("It counts everybody who lives in the municipality"), description=_l(
        "Then the answers to a survey can be weighted to it."))

    lines: Sequence[tuple[Municipality, Any]] = ()

    def validate_code(self, field: StringField) -> None:
        """Refuse what cannot stand in an address."""
        if not _CODE.fullmatch(field.data or "") or field.data in _PAGES:
            raise ValidationError(_l("Write small letters, digits, hyphens and no spaces."))

    def validate_source_url(self, field: StringField) -> None:
        """Refuse what is no address of a page."""
        if field.data and not re.fullmatch(r"https?://[^\s<>\"']+", field.data):
            raise ValidationError(_l("Write an address that begins with https://, or leave it empty."))

    def validate_breakdown(self, field: RadioField) -> None:
        """Shares and means are told apart by one thing, as nothing adds them up."""
        if field.data == Breakdown.AGE_AND_GENDER.value and self.gathering.data != Gathering.SUM.value:
            raise ValidationError(_l("Only what can be added up is told apart by age band and gender at once."))

    def validate_stated(self, field: NumberField) -> None:
        """Demand the figure that is to be shown."""
        if self.gathering.data == Gathering.STATED.value and field.data is None:
            raise ValidationError(_l("Write what the source says, or choose another figure."))

    def validate_residents(self, field: BooleanField) -> None:
        """Only counts of people can be margins."""
        if field.data and self.gathering.data != Gathering.SUM.value:
            raise ValidationError(_l("People are counted: choose the sum of the municipalities."))

    @property
    def told(self) -> dict[str, Any]:
        """What was said of the indicator."""
        stated = self.stated.data
        return {**{name: localized(self, name) for name in TEXTS}, **{name: self[name].data or "" for name in PLAIN},
                "residents": bool(self.residents.data), "theme": Theme(self.theme.data),
                "breakdown": Breakdown(self.breakdown.data), "gathering": Gathering(self.gathering.data),
                "weighted_by_id": self.weighted_by.data, "stated": None if stated is None else float(stated)}

    @property
    def values(self) -> Mapping[Key, float] | None:
        """The values that were typed, where each municipality has one; None where they come by file."""
        if self.breakdown.data != Breakdown.TOTAL.value:
            return None
        return {(place.id, "", ""): float(field.data) for place, field in self.lines if field.data is not None}


def values_form(places: Sequence[Municipality], others: Sequence[Indicator], indicator: Indicator | None = None,
                values: Values | None = None) -> IndicatorForm:
    """The form of an indicator with a field for each municipality, filled in with what there is."""
    fields = {f"value_{place.id}": NumberField(place.name, signed=True, decimals=4, most=Decimal(10**12))
              for place in places}
    there = {place_id: value for (place_id, band, gender), value in (values or {}).items() if not band and not gender}
    data: dict[str, Any] = {f"value_{id}": Decimal(repr(value)) for id, value in there.items()}
    if indicator is not None:
        data |= {**one_for_each_language(**{name: getattr(indicator, name) for name in TEXTS}),
                 **{name: getattr(indicator, name) for name in PLAIN},
                 **{name: getattr(indicator, name).value for name in ("theme", "breakdown", "gathering")},
                 "weighted_by": indicator.weighted_by_id, "version": str(indicator.version),
                 "stated": None if indicator.stated is None else Decimal(repr(indicator.stated))}
    form: IndicatorForm = type("IndicatorForm", (IndicatorForm,), fields)(data=data)
    form.weighted_by.choices = choices([("", _l("Those who live there")), *(
        (str(other.id), str(other.title)) for other in others
        if other.breakdown is Breakdown.TOTAL and (indicator is None or other.id != indicator.id))])
    form.lines = [(place, form[f"value_{place.id}"]) for place in places]
    return form


class FileForm(OnceForm):
    """A table of values."""

    file = FileField(_l("File"), render_kw={"accept": ".xlsx,.csv,.gz"}, description=_l(
        "As .xlsx, .csv or .csv.gz, at most 8 MB."))
    year = IntegerField(_l("Year of the figures"), [
        InputRequired(_l("Write of which year the figures are.")),
        NumberRange(FIRST_YEAR, 2100, _l("Write a year, as in 2024."))], default=lambda: clock.today().year - 1,
        description=_l("Of files of ISTAT with the population; indicators that are here already keep their own."))

    def validate_file(self, field: FileField) -> None:
        """Read the table, if it is one."""
        sent = next((one for one in (field.raw_data or []) if getattr(one, "filename", "")), None)
        if sent is None:
            raise ValidationError(_l("Choose a file."))
        content = sent.read(spreadsheet.MOST_BYTES + 1)
        if len(content) > spreadsheet.MOST_BYTES:
            raise ValidationError(_l("The file is too large: at most 8 MB."))
        try:
            self.rows = files.rows_of(content)
        except spreadsheet.SheetError as fault:
            raise ValidationError(fault.sentence) from fault
        self.name = tidy(sent.filename)[:120]


class TakeForm(OnceForm):
    """What whoever confirms has seen."""

    mark = HiddenField(validators=[Length(max=40)])


