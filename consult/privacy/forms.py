"""What people type to see, get or delete what is held of them; and what the office types as notice."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from consult.core.forms import Form, OnceForm, choices, in_each_language, localized
from consult.core.languages import Localized

STAY, WITHDRAW = "stay", "withdraw"


class PasswordForm(Form):
    """The password of whoever is signed in, once more."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))],
                             render_kw={"autocomplete": "current-password"})


class EraseForm(Form):
    """What becomes of one's texts, and that one means it."""

    texts = RadioField(
        _l("What you wrote in your own name"),
        [InputRequired(_l("Choose what becomes of what you wrote."))],
        choices=choices([(STAY, _l("It stays, signed “a person who left”")),
                         (WITHDRAW, _l("It is withdrawn, and its text deleted"))]))
    sure = BooleanField(_l("I want to delete my account. I know that this cannot be undone."),
                        [InputRequired(_l("Tick the box if you are sure."))])

    @property
    def withdraw(self) -> bool:
        """True where the texts go too."""
        return bool(self.texts.data == WITHDRAW)


@in_each_language("text", TextAreaField, _l("Text of the notice"), most=30000,
                  required=_l("Write the text of the notice in Italian."),
                  description=_l("Markdown: ## begins a title, - an item of a list."))
@in_each_language("changes", StringField, _l("What is new in it"), most=300,
                  required=_l("Say in one sentence, in Italian, what is new."),
                  description=_l("Whoever has an account reads this sentence until they say that they have seen it."))
class NoticeForm(OnceForm):
    """A new version of the notice, in each language."""

    @property
    def text(self) -> Localized:
        """The text in the languages in which there is one."""
        return localized(self, "text")

    @property
    def changes(self) -> Localized:
        """The sentence in the languages in which there is one."""
        return localized(self, "changes")
