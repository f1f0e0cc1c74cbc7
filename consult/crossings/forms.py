"""By which questions everybody may see the answers to the others."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from consult.core.forms import CheckboxesField, Form, chosen_id
from consult.crossings.services import MOST_SIDES


class SidesForm(Form):
    """The questions, at most three."""

    questions = CheckboxesField(_l("Questions by which everybody sees the answers to the others"), coerce=chosen_id,
                                description=_l("At most three, such as age and gender. By municipality and by channel "
                                               "answers are shown anyway."))

    def validate_questions(self, field: Any) -> None:
        if len(field.data or ()) > MOST_SIDES:
            raise ValidationError(_l("Choose at most three."))
