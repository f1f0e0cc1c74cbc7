"""A ballot paper as a form."""

from wtforms import SelectMultipleField, StringField

from consult.core.forms import OnceForm


class PaperForm(OnceForm):
    """What somebody chooses on a ballot; whether it is valid is for the rules of the ballot to say."""

    choices = SelectMultipleField(validate_choice=False)
    step = StringField()
    """Empty to look at the choice again before it is cast, `cast` to cast it, `back` to change it."""
