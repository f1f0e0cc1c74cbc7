"""What people type and what their devices answer."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from consult.accounts.forms import LONGEST_NEXT, one_line
from consult.core.forms import Form

_LONGEST_ANSWER = 20_000


class CodeForm(Form):
    """A code of the app."""

    code = StringField(
        _l("Code"), [InputRequired(_l("Type the six digits that your app shows.")), Length(max=40)],
        description=_l("Six digits, with or without a space. Your app shows new ones every half minute."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
    next = HiddenField(filters=[lambda value: (value or "")[:LONGEST_NEXT]], validators=[Length(max=LONGEST_NEXT)])


class RecoveryForm(Form):
    """A recovery code."""

    code = StringField(
        _l("Recovery code"), [InputRequired(_l("Type one of your recovery codes.")), Length(max=60)],
        description=_l("One of the ten that you kept when you set up the second step. Each can be used once."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})
    next = HiddenField(filters=[lambda value: (value or "")[:LONGEST_NEXT]], validators=[Length(max=LONGEST_NEXT)])


class PasskeyForm(Form):
    """What a device answers to prove that it has a passkey."""

    credential = HiddenField(validators=[InputRequired(), Length(max=_LONGEST_ANSWER)])
    next = HiddenField(filters=[lambda value: (value or "")[:LONGEST_NEXT]], validators=[Length(max=LONGEST_NEXT)])


class NewPasskeyForm(Form):
    """A new passkey, and a name by which its owner knows it among others."""

    name = StringField(
        _l("A name for this passkey"), [InputRequired(_l("Give it a name, such as “my phone”.")), Length(max=60)],
        filters=[one_line], description=_l("For instance: my phone, office computer, blue key."),
        render_kw={"autocomplete": "off"})
    credential = HiddenField(validators=[Length(max=_LONGEST_ANSWER)])


class ResetForm(Form):
    """Whose second factors to take away."""

    email = EmailField(
        _l("E-mail address"), [InputRequired(_l("Type the address of whoever has lost them.")), Length(max=254)],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"})
