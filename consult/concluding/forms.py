"""Writing a part, recording a passage, and saying why an alarm is none."""

from datetime import date
from functools import cache
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.concluding.models import Act, Part
from consult.concluding.passages import WITH_PROTOCOL
from consult.concluding.services import Facts
from consult.concluding.words import PARTS, Field
from consult.core import clock
from consult.core.forms import Form, VersionedForm

LONGEST = 12_000
LONGEST_REASON = 2000
LONGEST_NUMBER = 80


class PartForm(VersionedForm):
    """The texts of a part; those that the document needs to be sent are not called optional."""

    asked: ClassVar[tuple[Field, ...]] = ()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for field in self.asked:
            self[field.name].flags.required = field.needed


@cache
def part_form(part: Part) -> type[PartForm]:
    """A form with the fields of a part; none is needed to save it, so that one can go on later."""
    fields = {field.name: TextAreaField(field.label, [Length(max=LONGEST)], description=field.help)
              for field in PARTS[part][1]}
    return type(f"{part.value.title()}Form", (PartForm,), {**fields, "asked": PARTS[part][1]})


class PassageForm(VersionedForm):
    """What a passage leaves in the record: each asks for some of it."""

    dated = DateField(_l("Day"), [InputRequired(_l("Choose the day on which it happened."))])
    protocol = StringField(_l("Number in the register"), [Length(max=LONGEST_NUMBER)],
                           description=_l("As in 12345/2027, with the year."))
    resolution = StringField(_l("Number of the act"), [Length(max=LONGEST_NUMBER)],
                             description=_l("As in 21/2027."))
    body = StringField(_l("Body that decided"), [Length(max=160)], description=_l("As in: Consiglio dell'Unione."))
    note = TextAreaField(_l("Remarks with which it came back"), [Length(max=LONGEST_REASON)],
                         description=_l("What is to be put right. Only the staff reads it."))

    @classmethod
    def of(cls, act: Act, version: int) -> "PassageForm":
        """With the fields that the passage asks for, and today's day."""
        form = cls(data={"dated": clock.today(), "version": str(version)})
        wanted = {"protocol": act in WITH_PROTOCOL, "resolution": act is Act.NOTE, "body": act is Act.NOTE,
                  "note": act is Act.RETURN}
        for name, asked in wanted.items():
            if asked:
                form[name].flags.required = name != "protocol" or act is Act.SEND
            else:
                del form[name]
        return form

    @property
    def facts(self) -> Facts:
        day: date = self.dated.data
        return Facts(dated=day, **{name: (self[name].data or "").strip()
                                   for name in ("protocol", "resolution", "body", "note") if name in self})


class MarkForm(Form):
    """Why words that were found are no personal datum, or are one after all."""

    reason = TextAreaField(
        _l("Why"), [InputRequired(_l("Say in a sentence at least why: it stays in the record.")),
                    Length(max=LONGEST_REASON)],
        description=_l("In a sentence at least. It stays in the record with your name and the day."))
