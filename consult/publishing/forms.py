"""Asking for a document."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from consult.core.config import LANGUAGES
from consult.core.forms import OnceForm, choices
from consult.publishing.models import DocumentFormat
from consult.publishing.words import FORMATS


class DocumentForm(OnceForm):
    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))],
                        choices=choices((form.value, name) for form, (name, _use) in FORMATS.items()))
    language = SelectField(_l("Language"), [InputRequired(_l("Choose a language."))], default="it",
                           choices=choices(LANGUAGES.items()),
                           description=_l("Of the headings and captions: what was written stays as it was written."))

    @property
    def chosen(self) -> DocumentFormat:
        return DocumentFormat(self.format.data)
