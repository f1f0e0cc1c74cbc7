"""Merging and splitting proposals, and answering whether one's support goes along."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.core.forms import Form, OnceForm, choices, chosen_id
from consult.lineage.services import LONGEST_REASON, MOST_PARTS, SHORTEST_REASON, Draft
from consult.processes.models import Process
from consult.proposals.forms import LONGEST, SHORTEST

TITLE = Length(max=120, message=_l("Shorten the title: at most 120 characters."))
BODY = Length(min=SHORTEST, max=LONGEST, message=_l("Describe it in 40 to 6,000 characters."))


class Drafting(Form):
    """Whatever writes proposals that stand in the place of others."""

    def offer(self, process: Process) -> None:
        """Offer the themes of the percorso."""
        self._axes = list(process.axes)
        for field in self:
            if isinstance(field, SelectField):
                field.choices = choices([("", _l("None")), *((str(axis.id), str(axis.title)) for axis in self._axes)])

    def _draft(self, title: Any, body: Any, axis: Any) -> Draft:
        return Draft(title=title.data, body=body.data,
                     axis=next((one for one in self._axes if one.id == axis.data), None))


class DerivationForm(Drafting, OnceForm):
    """What merging and splitting have in common."""

    reason = TextAreaField(
        _l("Why"),
        [DataRequired(_l("Say why.")),
         Length(min=SHORTEST_REASON, max=LONGEST_REASON,
                message=_l("Say why in a sentence at least, in 1,000 characters at most."))],
        description=_l("Everybody reads it, on the page of each proposal; whoever wrote or supported one gets it by "
                       "mail."))


class MergeForm(DerivationForm):
    """The proposal that stands in the place of several."""

    codes = HiddenField()
    title = StringField(_l("Title of the new proposal"), [DataRequired(_l("Give it a title.")), TITLE])
    body = TextAreaField(
        _l("Text of the new proposal"), [DataRequired(_l("Write its text.")), BODY],
        description=_l("It begins with the texts of the originals: keep what each of them asks for."))
    axis = SelectField(_l("Theme"), coerce=chosen_id)

    @property
    def draft(self) -> Draft:
        return self._draft(self.title, self.body, self.axis)


class Parts(Drafting):
    """The proposals that stand in the place of one; the first two are needed, more are welcome."""

    most = MOST_PARTS

    def drafts(self) -> list[Draft]:
        """What was written, without the parts left empty."""
        return [self._draft(self[f"title_{n}"], self[f"body_{n}"], self[f"axis_{n}"])
                for n in range(1, MOST_PARTS + 1) if n <= 2 or self[f"title_{n}"].data or self[f"body_{n}"].data]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        for n in range(3, MOST_PARTS + 1):
            title, body = self[f"title_{n}"], self[f"body_{n}"]
            if bool(title.data) != bool(body.data):
                (title if body.data else body).errors = [_l("A part needs a title and a text. Leave both empty where "
                                                            "there is none.")]
                sound = False
        return sound


class _WhereFilled:
    """A length that matters only where something was written."""

    def __init__(self, length: Length) -> None:
        self._length = length

    def __call__(self, form: Any, field: Any) -> None:
        if field.data:
            self._length(form, field)


for _n in range(1, MOST_PARTS + 1):
    _needed = [DataRequired(_l("Give it a title."))] if _n <= 2 else []
    setattr(Parts, f"title_{_n}", StringField(_l("Title"), [*_needed, TITLE]))
    _needed = [DataRequired(_l("Write its text."))] if _n <= 2 else []
    setattr(Parts, f"body_{_n}", TextAreaField(_l("Text"), [*_needed, _WhereFilled(BODY)]))
    setattr(Parts, f"axis_{_n}", SelectField(_l("Theme"), coerce=chosen_id))


class SplitForm(Parts, DerivationForm):
    """The parts, and why."""


class PartsForm(Parts):
    """The parts within the form of whoever splits for reasons of their own, which has the token."""

    class Meta(Form.Meta):
        csrf = False

    @property
    def written(self) -> dict[str, str]:
        """What was written in each field."""
        return {field.name: str(field.data or "") for field in self}
