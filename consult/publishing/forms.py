"""Asking for a document."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired

from consult.core import config
from consult.core.config import LANGUAGES
from consult.core.files import Kept
from consult.core.forms import OnceForm, choices
from consult.core.uploads import received
from consult.publishing.kinds import Kind, Subject
from consult.publishing.models import DocumentFormat, Names
from consult.publishing.services import Wanted
from consult.publishing.words import FORMATS, NAMES

EVERY = "all"
"""Stands for all forms at once."""


class DocumentForm(OnceForm):
    about = SelectField(_l("Document"), [InputRequired(_l("Choose a document."))])
    format = RadioField(_l("Format"), [InputRequired(_l("Choose a format."))],
                        choices=choices([*((form.value, name) for form, (name, _use) in FORMATS.items()),
                                         (EVERY, _l("All of them"))]))
    language = SelectField(_l("Language"), [InputRequired(_l("Choose a language."))], default="it",
                           choices=choices(LANGUAGES.items()),
                           description=_l("Of the headings and captions: what was written stays as it was written."))
    names = RadioField(_l("Names in the document"), default=Names.ORGANISATIONS.value,
                       choices=choices((names.value, said) for names, said in NAMES.items()))

    def __init__(self, offered: Sequence[tuple[Kind, Subject]], **options: Any) -> None:
        super().__init__(**options)
        self._offered = {f"{kind.code}/{subject.code}": (kind, subject) for kind, subject in offered}
        self.about.choices = choices((value, called(kind, subject)) for value, (kind, subject) in self._offered.items())
        if not config.current().names_in_documents:
            del self.names

    @property
    def chosen(self) -> tuple[Kind, Subject]:
        return self._offered[self.about.data]

    @property
    def wanted(self) -> list[Wanted]:
        """One for each form that was asked for."""
        forms = list(DocumentFormat) if self.format.data == EVERY else [DocumentFormat(self.format.data)]
        names = Names(self.names.data) if "names" in self else Names.ORGANISATIONS
        return [Wanted(form=form, language=self.language.data, names=names) for form in forms]


def called(kind: Kind, subject: Subject) -> str:
    """The kind, and what it is about where that is not plain."""
    return f"{kind.label}: {subject.title}" if str(subject.title) else str(kind.label)


class LooksForm(OnceForm):
    """A file that has documents look as those of the office."""

    file = FileField(_l("Styles as .docx or .odt, or the emblem as .png"), name="looks.file",
                     render_kw={"accept": ".docx,.odt,.png"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.file.flags.required = True

    def validate_file(self, field: FileField) -> None:
        """It was taken, and is of some kind that can be sent."""
        sent = received().under.get(field.name)
        if not isinstance(sent, Kept):
            raise ValidationError(sent or _l("Choose a file."))
        self.sent = sent
