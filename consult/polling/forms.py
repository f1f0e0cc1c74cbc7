"""What clerks type: who stands before them, boxes, and codes for an assembly."""

import hashlib
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from consult.accounts.models import Tie
from consult.core import clock
from consult.core.forms import Form, OnceForm, choices, chosen_id
from consult.polling.words import SPOILED
from consult.processes import queries as processes
from consult.verification import codes, taxcode
from consult.verification.words import TIES
from consult.voting.models import Ballot

MOST_PAPERS = 9_999
COUNTS = "counts"
"""Stands among the reasons for a paper that is counted."""
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class WhoForm(OnceForm):
    """Who stands before the clerk, in one of three ways; nothing of it is kept."""

    tax_code = StringField(
        _l("Tax code"), [Optional(), Length(max=40)], render_kw={**_PLAIN, "autocapitalize": "characters"},
        description=_l("With the day of birth, for whoever is in a register of residents: also without an account."))
    born = DateField(_l("Day of birth"), [Optional()], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail address of the account"), [Optional(), Length(max=254)],
                       render_kw={**_PLAIN, "inputmode": "email", "autocapitalize": "none"})
    code = StringField(_l("Code from a sheet"), [Optional(), Length(max=40)],
                       render_kw={**_PLAIN, "autocapitalize": "characters"})

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a form with none of the three ways, or more than one."""
        sound = super().validate(extra_validators)
        ways = sum(map(bool, (self.tax_code.data or self.born.data, self.email.data, self.code.data)))
        if sound and ways != 1:
            self.form_errors.append(_l("Fill in one of the three: tax code and day of birth, address, or code."))
            return False
        return sound

    def validate_tax_code(self, field: Any) -> None:
        """Refuse what is no tax code."""
        if not taxcode.sound(taxcode.tidy(field.data or "")):
            raise ValidationError(_l("This is not a tax code: check its sixteen letters and digits."))
        if not self.born.raw_data or not self.born.raw_data[0]:
            raise ValidationError(_l("Write the day of birth too."))

    def validate_born(self, field: Any) -> None:
        """Refuse a day on which nobody who votes was born."""
        if field.data and not date(1900, 1, 1) <= field.data <= clock.today():
            raise ValidationError(_l("This is not a day of birth."))
        if field.data and not self.tax_code.data:
            raise ValidationError(_l("Write the tax code too."))

    def carried(self) -> list[tuple[str, str]]:
        """What the next page sends along, to know once more who it is about."""
        typed = {"tax_code": self.tax_code.data, "born": self.born.data and self.born.data.isoformat(),
                 "email": self.email.data, "code": self.code.data}
        return [(name, value) for name, value in typed.items() if value]


class BoxForm(OnceForm):
    """A box of a polling place."""

    number = IntegerField(_l("Number of the box"), [
        InputRequired(_l("Write the number of the box.")),
        NumberRange(1, 999, _l("Write a number from 1 to 999."))],
        description=_l("It stands on the box, and in its minutes."))
    municipality = SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality."))], coerce=chosen_id,
                               description=_l("Its papers count for this municipality."))
    place = StringField(_l("Polling place"), [
        InputRequired(_l("Say where the box stands.")), DataRequired(_l("Say where the box stands.")), Length(max=120)],
        description=_l("As in: primary school, via Roma 3."))
    twice = BooleanField(_l("Two people key each paper"), default=True,
                         description=_l("Only what both keyed alike counts; where they differ, you compare. Without it "
                                        "what one person keyed counts."))

    def offer(self, ballot: Ballot) -> None:
        """Offer the municipalities of the percorso."""
        self.towns = {town.id: town for town in processes.municipalities(ballot.phase.process)}
        self.municipality.choices = choices(
            [("", _l("Choose")), *((str(id), town.name) for id, town in self.towns.items())])


class NumberForm(Form):
    """Which paper is keyed next."""

    number = IntegerField(_l("Number of the paper"), [
        InputRequired(_l("Write the number of the paper.")),
        NumberRange(1, MOST_PAPERS, _l("Write a number from 1 to 9999."))],
        description=_l("If there is none on it yet, write one on the back now, and use each number once."))


class SpoiledForm(OnceForm):
    """Whether a paper counts."""

    spoiled = RadioField(_l("Does the paper count?"), [InputRequired()], default=COUNTS, choices=choices([
        (COUNTS, _l("Yes: it says what is marked above")),
        *((reason.value, _l("No. %(reason)s", reason=said)) for reason, said in SPOILED.items())]))


class CloseForm(OnceForm):
    """The minutes of a box."""

    taken_out = IntegerField(_l("Papers that came out of the box"), [
        InputRequired(_l("Write how many papers came out.")), NumberRange(0, MOST_PAPERS)],
        description=_l("Counted by hand, the spoiled ones included."))
    note = TextAreaField(_l("For the minutes"), [Length(max=1000)],
                         description=_l("What happened, and why the numbers differ if they do. No names of voters."))


class AssemblyForm(OnceForm):
    """Codes for the people in a room."""

    municipality = SelectField(_l("Municipality"), [InputRequired(_l("Choose the municipality."))], coerce=chosen_id,
                               description=_l("Whoever votes with one of these codes counts for it."))
    tie = SelectField(_l("Whoever uses one"), [InputRequired()], coerce=Tie, default=Tie.RESIDES,
                      choices=choices((tie.value, TIES[tie]) for tie in Tie))
    number = IntegerField(_l("How many"), [InputRequired(_l("Say how many.")), NumberRange(1, codes.MOST)], default=50)

    def offer(self, ballot: Ballot) -> None:
        """Offer the municipalities of the percorso, and other ties only where the ballot is for them too."""
        self.towns = {town.id: town for town in processes.municipalities(ballot.phase.process)}
        self.municipality.choices = choices(
            [("", _l("Choose")), *((str(id), town.name) for id, town in self.towns.items())])
        if not ballot.workers_too:
            del self.tie

    @property
    def form_key(self) -> str:
        """What tells this form from every other that was shown."""
        return hashlib.sha256(str(self.once.data).encode()).hexdigest()
