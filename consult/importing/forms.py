"""Sending the files of a conversation, and taking them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.core import clock, spreadsheet
from consult.core.config import LANGUAGES
from consult.core.forms import MomentField, OnceForm, choices
from consult.importing import reading
from consult.importing.models import ConversationFile
from consult.importing.reading import Reading
from consult.processes.models import Phase

_CSV = {"accept": ".csv"}
_NAMES = {"comments": reading.COMMENTS, "votes": reading.VOTES, "participants": reading.PARTICIPANTS,
          "summary": reading.SUMMARY}


class ConversationFilesForm(OnceForm):
    """What Polis exports of a conversation: one file of statements and one of answers."""

    comments = FileField(_l("comments.csv: the statements"), render_kw=_CSV)
    votes = FileField(_l("votes.csv: the answers, one on each line"), render_kw=_CSV)
    participants = FileField(_l("participants-votes.csv: the answers by participant"), render_kw=_CSV, description=_l(
        "Only where there is no votes.csv."))
    summary = FileField(_l("summary.csv: what the conversation is called"), render_kw=_CSV, description=_l(
        "All files together: at most 8 MB."))

    found: Reading

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.comments.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Sound where the files were read."""
        if not super().validate(extra_validators):
            return False
        contents: dict[str, bytes] = {}
        left = spreadsheet.MOST_BYTES
        for field, name in _NAMES.items():
            file = next((one for one in (self[field].raw_data or []) if getattr(one, "filename", "")), None)
            if file is not None:
                contents[name] = file.read(left + 1)
                left -= len(contents[name])
            if left < 0:
                self[field].errors = [_l("The files are too large: at most 8 MB.")]
                return False
        return self._read(contents)

    def _read(self, contents: dict[str, bytes]) -> bool:
        if reading.COMMENTS not in contents:
            self.comments.errors = [_l("Choose the file of the statements.")]
        elif reading.VOTES not in contents and reading.PARTICIPANTS not in contents:
            self.votes.errors = [_l("Choose the file of the answers.")]
        else:
            try:
                self.found = reading.read(reading.sent(contents))
            except reading.UnreadableError as fault:
                self.form_errors.append(fault.sentence)
                return False
            return True
        return False


class TakeConversationForm(OnceForm):
    """What the map is called here, and where it stands."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the activity a title.")), Length(max=200)])
    phase = SelectField(_l("Phase"), [InputRequired()], coerce=int)
    language = SelectField(_l("Language of the statements"), [InputRequired()],
                           choices=choices(LANGUAGES.items()))
    until = MomentField(_l("Open until"), description=_l(
        "Leave it empty for a conversation that is over: its map is made and frozen at once. With a day and hour, "
        "people here go on answering until then."))

    def __init__(self, file: ConversationFile, **options: Any) -> None:
        begun = [phase for phase in file.process.phases if phase.starts_at <= clock.now()]
        super().__init__(data={"title": file.name, "language": "it", "phase": begun[-1].id if begun else None},
                         **options)
        self.phase.choices = choices((str(phase.id), phase.title) for phase in begun)
        self._phases = {phase.id: phase for phase in begun}

    def validate_until(self, field: MomentField) -> None:
        """Refuse an end that has passed, or comes after that of the phase."""
        phase = self._phases.get(self.phase.data)
        if field.data is not None and phase is not None and not clock.now() < field.data <= phase.ends_at:
            raise ValidationError(_l("Choose a moment that is to come and lies within the phase."))

    @property
    def chosen(self) -> Phase:
        return self._phases[self.phase.data]
