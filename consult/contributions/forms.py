"""Telling the moderators about a contribution."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.contributions.models import FlagReason
from consult.contributions.words import FLAG_REASONS
from consult.core.forms import Form, choices

SENTENCE = 20
"""Characters below which nobody has explained anything."""


class FlagForm(Form):
    reason = RadioField(
        _l("What is wrong?"),
        [InputRequired(_l("Choose what is wrong."))],
        choices=choices((reason.value, words) for reason, words in FLAG_REASONS.items()),
    )
    note = TextAreaField(
        _l("Anything to add?"),
        [Length(max=1000, message=_l("Write at most 1,000 characters."))],
        description=_l("Only the moderators read this. For what seems to break the law, say in a sentence what and "
                       "why."),
    )

    def validate_note(self, field: Any) -> None:
        if self.reason.data == FlagReason.ILLEGAL.value and len((field.data or "").strip()) < SENTENCE:
            raise ValidationError(_l("Say in a sentence what seems to break the law, and why: at least %(number)s "
                                     "characters.", number=SENTENCE))

    @property
    def chosen(self) -> FlagReason:
        return FlagReason(self.reason.data)
