"""Forms for copying sheets of paper, and for taking answers from files."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from consult.core import spreadsheet
from consult.core.forms import Form, OnceForm, choices, tidy
from consult.entry import files
from consult.entry.words import CHANNELS, WAYS
from consult.processes.models import Channel
from consult.surveys import forms as surveys
from consult.surveys.filling import QuestionnaireForm
from consult.surveys.models import Survey

MOST_SHEETS = 9_999


class BatchForm(OnceForm):
    channel = RadioField(_l("How the sheets came"), [InputRequired(_l("Say how the sheets came."))],
                         default=Channel.PAPER.value,
                         choices=choices((channel.value, name) for channel, name in CHANNELS.items()))
    note = StringField(_l("Note"), [Length(max=120)],
                       description=_l("By which you recognise the pile: where and when it was collected."))
    twice = BooleanField(_l("Two people key each sheet"), default=True,
                         description=_l("Only what both keyed alike is taken; where they differ, you choose. Without "
                                        "it, what one person keyed is taken at once."))


class NumberForm(Form):
    number = IntegerField(
        _l("Number of the sheet"),
        [InputRequired(_l("Write the number of the sheet.")),
         NumberRange(1, MOST_SHEETS, _l("Write a number from 1 to 9999."))],
        description=_l("If there is none on it yet, write one on the sheet now, and use each number once."))
    version = IntegerField(
        _l("Version of the questions on the sheet"), [InputRequired(_l("Write the version that stands on the sheet."))],
        description=_l("It stands at the foot of each page."))
    same = BooleanField(_l("I compared: the questions on the sheet ask the same as those here"))

    def of(self, survey: Survey) -> None:
        """Ask for the version of the sheet where there was more than one."""
        self.survey = survey
        if survey.definition_version == 1:
            del self.version, self.same

    def validate_version(self, field: IntegerField) -> None:
        """A sheet with other questions than those that are asked now is keyed only by who compared them."""
        now = self.survey.definition_version
        if field.data is not None and field.data != now and not self.same.data:
            raise ValidationError(_l("This sheet has version %(sheet)s of the questions, but now it is version "
                                     "%(now)s: compare them. If they ask the same, say so below; otherwise leave the "
                                     "sheet aside.", sheet=field.data, now=now))


class AnswersFileForm(OnceForm):
    """A table with filled-in questionnaires."""

    file = FileField(_l("File"), render_kw={"accept": ".xlsx,.csv"}, description=_l(
        "As .xlsx or .csv: at most %(lines)s lines and 8 MB. Send a longer one in several parts.",
        lines=files.MOST_LINES))

    def offer(self) -> None:
        """Say that it must be there."""
        self.file.flags.required = True

    def look(self, survey: Survey) -> bool:
        """Read the table that was sent, if it is one whose columns belong to the questionnaire."""
        if not self.accepted():
            return False
        try:
            files.read(survey, self.rows[:1])
        except spreadsheet.SheetError as fault:
            self.file.errors = [fault.sentence]
            return False
        return True

    def validate_file(self, field: FileField) -> None:
        """Read the table, if it is one."""
        sent = next((one for one in (field.raw_data or []) if getattr(one, "filename", "")), None)
        if sent is None:
            raise ValidationError(_l("Choose a file."))
        content = sent.read(spreadsheet.MOST_BYTES + 1)
        if len(content) > spreadsheet.MOST_BYTES:
            raise ValidationError(_l("The file is too large: at most 8 MB."))
        try:
            self.rows = spreadsheet.read(content, most_rows=files.MOST_LINES + 1, most_columns=files.MOST_COLUMNS)
        except spreadsheet.SheetError as fault:
            raise ValidationError(fault.sentence) from fault
        if not any(map(any, self.rows[1:])):
            raise ValidationError(_l("Below the first line there is nothing: write one line for each survey."))
        self.name = tidy(sent.filename)[:120]


class TakeForm(OnceForm):
    channel = RadioField(_l("How the answers came"), [InputRequired(_l("Say how the answers came."))],
                         choices=choices((channel.value, name) for channel, name in WAYS.items()))
    note = StringField(_l("Note"), [Length(max=120)],
                       description=_l("By which you recognise the batch. Without one it is called like the file."))
    expected = HiddenField()

    @property
    def seen(self) -> int:
        """How many lines whoever confirms has seen as sound."""
        said = str(self.expected.data)
        return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1


def sheet_form(survey: Survey) -> QuestionnaireForm:
    """The questionnaire as it is keyed from paper: what was left out there can be left out here."""
    form = surveys.questionnaire(survey, None)
    for field in form.asking():
        field.flags.required = False
    residence = form["municipality"]
    residence.flags.required = False
    residence.description = _l("Where the sheet does not say it, leave it out: it counts with those who live "
                               "elsewhere.")
    return form


def keyed(form: QuestionnaireForm) -> dict[str, Any]:
    """What was keyed, as it is kept until it is taken."""
    return {"municipality": form.municipality_id(), "answers": form.answers()}
