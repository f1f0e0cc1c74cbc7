"""Hiding an earlier version."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from consult.contributions.models import FlagReason
from consult.contributions.words import FLAG_REASONS
from consult.core.forms import Form, choices


class HideForm(Form):
    """Why an earlier version is shown to nobody any more."""

    reason = RadioField(
        _l("Why"), [InputRequired(_l("Say why: everybody reads it in the place of the text."))],
        choices=choices((reason.value, FLAG_REASONS[reason]) for reason in FlagReason),
        description=_l("Only this version is hidden. The proposal as it stands stays public."))

    @property
    def chosen(self) -> FlagReason:
        """The reason that was chosen."""
        return FlagReason(self.reason.data)
