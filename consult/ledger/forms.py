"""Which paper is declared void, and why."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from consult.core.forms import Form, choices
from consult.ledger import words


class VoidForm(Form):
    """By the code on the receipt, or by the address of the account."""

    tag = StringField(_l("Code of the paper"), [Optional(), Regexp(r"[0-9a-f]{32}\Z", message=_l(
        "The code has 32 characters, digits and letters from a to f."))],
        description=_l("It stands in the receipt that was downloaded, under “g”."))
    email = StringField(_l("Or the e-mail address of the account"), [Optional(), Length(max=254)],
                        description=_l("The paper is found with the key of the ballot. That you had it looked for is "
                                       "kept in the register, also where there is none."))
    why = RadioField(_l("Reason"), [InputRequired(_l("Choose the reason."))], description=_l(
        "Everybody will read it. These are the reasons that were fixed when the ballot opened."))

    def __init__(self, reasons: list[str], **options: Any) -> None:
        super().__init__(**options)
        self.why.choices = choices((code, words.void_reason(code)) for code in reasons)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if bool(self.tag.data) == bool(self.email.data):
            self.tag.errors = [_l("Give the code of the paper or the address of the account: one of the two.")]
            return False
        return sound
