"""Telling the moderators about a contribution."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from consult.contributions.models import FlagReason
from consult.contributions.words import FLAG_REASONS
from consult.core.forms import Form, choices


class FlagForm(Form):
    reason = RadioField(
        _l("What is wrong?"),
        [InputRequired(_l("Choose what is wrong."))],
        choices=choices((reason.value, words) for reason, words in FLAG_REASONS.items()),
    )
    note = TextAreaField(
        _l("Anything to add?"),
        [Length(max=1000, message=_l("Write at most 1,000 characters."))],
        description=_l("Only the moderators read this."),
    )

    @property
    def chosen(self) -> FlagReason:
        return FlagReason(self.reason.data)
