"""A role for somebody."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.validators import Email, InputRequired, Length, Optional

from consult.accounts import queries, words
from consult.accounts.models import Role
from consult.core.forms import Form, OnceForm, choices, chosen_id


class _RoleFields:
    """Who is to have which role, and for what."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Type the e-mail address of whoever is to have the role.")), Length(max=254),
         Email(_l("This is not an e-mail address: check its spelling."))],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"})
    role = SelectField(_l("Role"), [InputRequired(_l("Choose a role."))],
                       choices=choices([("", _l("Choose")), *((r.value, name) for r, name in words.ROLES.items())]))
    process_id = SelectField(_l("For"), [Optional()], coerce=chosen_id)

    def offer(self: Any) -> None:
        """Offer the percorsi."""
        self.process_id.choices = choices([("", _l("The whole site")),
                                           *((str(id), title) for id, _slug, title in queries.processes())])

    @property
    def chosen_role(self: Any) -> Role:
        """The role chosen."""
        return Role(self.role.data)


class GrantForm(_RoleFields, Form):
    """A role for somebody who has an account."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offer()


class InviteForm(_RoleFields, OnceForm):
    """A role that somebody takes up by mail, with an account or without."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offer()
