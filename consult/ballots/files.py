"""Forms with which files of papers are brought and taken."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, SelectField
from wtforms.validators import InputRequired, ValidationError

from consult.core import spreadsheet
from consult.core.forms import MomentField, OnceForm, choices, tidy
from consult.core.languages import Localized
from consult.processes.models import Audience, EngagementLevel, Phase, Process
from consult.processes.services import TimetableError


class PapersForm(OnceForm):
    """A file with papers."""

    file = FileField(_l("File"), render_kw={"accept": ".pb,.soc,.soi,.toc,.toi,.cat,.csv,.txt"}, description=_l(
        "Pabulib (.pb), PrefLib (.soc, .soi, .toc, .toi) or a table (.csv), at most 8 MB."))

    def offer(self) -> None:
        """Say that it must be there."""
        self.file.flags.required = True

    def validate_file(self, field: FileField) -> None:
        """Read the file as text."""
        sent = next((one for one in (field.raw_data or []) if getattr(one, "filename", "")), None)
        if sent is None:
            raise ValidationError(_l("Choose a file."))
        content = sent.read(spreadsheet.MOST_BYTES + 1)
        if len(content) > spreadsheet.MOST_BYTES:
            raise ValidationError(_l("The file is too large: at most 8 MB."))
        if b"\0" in content:
            raise ValidationError(_l("This is not a file of text."))
        try:
            self.content = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.content = content.decode("cp1252", "replace")
        self.name = tidy(sent.filename)[:120] or "file"


class NewFileForm(PapersForm):
    """A new ballot made of a file."""

    phase = SelectField(_l("Phase"), [InputRequired()], coerce=int)
    opens_at = MomentField(_l("Opens"), [InputRequired(_l("Say when it opens."))])
    closes_at = MomentField(_l("Closes"), [InputRequired(_l("Say when it closes."))])

    def __init__(self, process: Process, **options: Any) -> None:
        super().__init__(**options)
        phases = [phase for phase in process.phases if not phase.past()]
        self.phase.choices = choices((str(phase.id), str(phase.title)) for phase in phases)
        self._phases = {phase.id: phase for phase in phases}

    @property
    def chosen(self) -> Phase:
        """The phase, once the form is accepted."""
        return self._phases[self.phase.data]

    def values_for(self, title: str) -> dict[str, Any]:
        """The columns of the activity, called as the file says."""
        said = title or self.name
        return {"opens_at": self.opens_at.data, "closes_at": self.closes_at.data, "title": Localized.of(said[:200]),
                "intro": Localized.of(said[:200]), "negotiable": Localized(), "audience": Audience.VERIFIED,
                "engagement_level": EngagementLevel.CONSULTATION}

    def refuse(self, fault: TimetableError) -> None:
        """Show at its field why a time cannot be."""
        self[fault.field].errors = [*self[fault.field].errors, fault.sentence]


class TakeForm(OnceForm):
    """The papers of a file as somebody has seen them."""

    expected = HiddenField()

    @property
    def seen(self) -> int:
        """How many papers whoever confirms has seen as sound."""
        said = str(self.expected.data)
        return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1
