"""How often somebody wants to be written to."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from consult.core.forms import Form, choices
from consult.notices import words
from consult.notices.models import Pace


class PaceForm(Form):
    """One choice for everything that is followed."""

    pace = RadioField(_l("Write to me"), [InputRequired(_l("Choose how often."))], coerce=Pace,
                      choices=choices((pace.value, text) for pace, text in words.PACES.items()))
