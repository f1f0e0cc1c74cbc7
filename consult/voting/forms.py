"""A ballot paper as a form."""

from wtforms import HiddenField, StringField

from consult.core.forms import OnceForm


class PaperForm(OnceForm):
    """What does with a paper; what is on it is read by `papers`, as each way of voting has fields of its own."""

    step = StringField()
    """Empty to look at the choice again before it is cast, `cast` to cast it, `back` to change it."""
    move = StringField()
    """An option to be moved up or down, as its button says."""
    per = HiddenField()
    """The organisation for which the paper is, where organisations vote."""
