"""A ballot paper as a form, and withholding what was said with reservation."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField

from consult.contributions.models import FlagReason
from consult.core.forms import OnceForm, choices
from consult.voting import words


class PaperForm(OnceForm):
    """What does with a paper; what is on it is read by `papers`, as each way of voting has fields of its own."""

    step = StringField()
    """Empty to look at the choice again before it is cast, `cast` to cast it, `back` to change it."""
    move = StringField()
    """An option to be moved up or down, as its button says."""
    per = HiddenField()
    """The organisation for which the paper is, where organisations vote."""


class WithholdForm(OnceForm):
    """Whether readers get a text, and if not, why."""

    why = RadioField(_l("Who reads it"), default="", choices=choices([
        ("", _l("Everybody reads it")),
        *((why.value, _l("Nobody: %(why)s", why=label)) for why, label in words.WITHHELD.items())]))

    @property
    def chosen(self) -> FlagReason | None:
        """The reason; None where everybody reads it."""
        return FlagReason(self.why.data) if self.why.data else None
