"""Keeping an edition by hand."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from consult.core.forms import OnceForm


class EditionForm(OnceForm):
    """What the edition is called."""

    name = StringField(_l("Edition"), [DataRequired(_l("Say which edition this is.")), Length(max=20)],
                       description=_l("Such as 0.3 for a draft, 1.0 for the adopted plan."))
