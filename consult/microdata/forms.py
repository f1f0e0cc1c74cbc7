"""Asking for a file of answers."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from consult.core.config import LANGUAGES
from consult.core.forms import OnceForm, choices
from consult.microdata.models import AnswerFormat
from consult.microdata.words import FORMATS


class AnswerFileForm(OnceForm):
    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))], default=AnswerFormat.XLSX.value,
                        choices=choices(
                            (form.value, _l("%(format)s · %(use)s", format=name, use=use))
                            for form, (name, use) in FORMATS.items()))
    language = SelectField(_l("Language"), [InputRequired(_l("Choose a language."))], default="it",
                           choices=choices(LANGUAGES.items()),
                           description=_l("Of the names of questions and answers: what people wrote stays as they "
                                          "wrote it."))

    @property
    def chosen(self) -> AnswerFormat:
        return AnswerFormat(self.format.data)
