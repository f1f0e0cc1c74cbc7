"""Inviting an author."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import DataRequired, Email, Length

from consult.core.forms import OnceForm


class InviteForm(OnceForm):
    """An address to which the invitation goes."""

    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Write the address of whoever is to write with you.")),
         Length(max=254), Email(_l("This is not an e-mail address: check it."))],
        description=_l("They get a link that is good for seven days. They become an author once they accept."))
