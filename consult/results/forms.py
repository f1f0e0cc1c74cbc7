"""Saying what becomes of contributions, one or many, and recording what was decided."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.core import spreadsheet
from consult.core.config import LANGUAGES
from consult.core.forms import OnceForm, VersionedForm, choices, chosen_id, in_each_language, tidy
from consult.results import awaited, bulk, replies
from consult.results.models import BatchKind, ReplyTemplate, Verdict
from consult.results.services import SHORTEST_REASONS
from consult.results.words import MEANINGS, VERDICTS

LONGEST_REASONS = 4000


def _acts(*, deciding: bool) -> list[tuple[str, Any]]:
    """The two acts; only whoever may record decisions is offered the second."""
    first = (BatchKind.PROPOSED.value, _l("Outcomes proposed by the steering group"))
    return [first, *([(BatchKind.DECIDED.value, _l("What the deciding body decided"))] if deciding else [])]


def _verdicts(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return [(verdict.value, f"{VERDICTS[verdict]}. {MEANINGS[verdict]}") for verdict in verdicts]


class DayField(DateField):
    """A day of the calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist else None
        except ValueError:
            raise ValueError(_l("Choose a day, such as 31/12/2026.")) from None


class OutcomeForm(VersionedForm):
    """What is proposed to become of a proposal."""

    verdict = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])
    reasons = TextAreaField(
        _l("Reasons"),
        [DataRequired(_l("Give the reasons.")),
         Length(min=SHORTEST_REASONS, max=LONGEST_REASONS,
                message=_l("Give the reasons in a sentence at least, in %(max)d characters at most."))],
        description=_l("What was weighed, and why this came out. Everybody can read it; the author is told by mail."))
    on = DayField(_l("Day"), [InputRequired(_l("Choose the day."))])

    verdicts: ClassVar = list(Verdict)

    def offer(self) -> None:
        """Set the choices, in the language of the page."""
        self.verdict.choices = _verdicts(self.verdicts)

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)

    @property
    def day(self) -> date:
        return cast(date, self.on.data)


class DecisionForm(OutcomeForm):
    """What the deciding body decided of a proposal."""

    decided_by = StringField(
        _l("Who decided"),
        [DataRequired(_l("Say which body decided.")), Length(max=160)],
        description=_l("Such as: Council of the Union."))
    act = StringField(_l("Number of the act"), [Length(max=80)], description=_l("Such as: resolution no. 12 of 2026."))

    verdicts: ClassVar = [verdict for verdict in Verdict if verdict is not Verdict.UNDER_REVIEW]


@in_each_language("text", TextAreaField, _l("Text"), required=_l("Write the text."), most=LONGEST_REASONS,
                  description=_l("The reasons, as they will stand. {code} and {title} become those of the proposal."))
class ReplyTemplateForm(VersionedForm):
    """An answer that fits many proposals."""

    name = StringField(_l("Name"), [DataRequired(_l("Give it a name.")), Length(max=80)],
                       description=_l("By which the staff find it: nobody else sees it."))
    verdict = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])

    def offer(self) -> None:
        """Set the choices, in the language of the page."""
        self.verdict.choices = _verdicts(list(Verdict))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        for code in LANGUAGES:
            field = self[f"text_{code}"]
            if unknown := replies.unknown_placeholders(field.data or ""):
                field.errors = [_l("Nothing is known that could stand for {%(name)s}: use {code} and {title}.",
                                   name=unknown[0][:40])]
                sound = False
            elif field.data and len(field.data) < SHORTEST_REASONS:
                field.errors = [_l("Give the reasons in a sentence at least.")]
                sound = False
        return sound


class OutcomeFileForm(OnceForm):
    """A file with the outcomes of many proposals."""

    kind = RadioField(_l("What the lines are"), [InputRequired(_l("Say what the lines are."))])
    file = FileField(_l("File"), render_kw={"accept": ".xlsx,.csv"}, description=_l(
        "The file you downloaded here and filled in, as .xlsx or .csv: at most 5,000 lines. Lines on which you fill in "
        "nothing are left as they are."))

    def offer(self, *, deciding: bool) -> None:
        """Set the choices; only whoever may record decisions is offered them."""
        self.file.flags.required = True
        self.kind.choices = _acts(deciding=deciding)

    def validate_file(self, field: FileField) -> None:
        """Read the table, if it is one."""
        sent = next((one for one in (field.raw_data or []) if getattr(one, "filename", "")), None)
        if sent is None:
            raise ValidationError(_l("Choose a file."))
        content = sent.read(spreadsheet.MOST_BYTES + 1)
        if len(content) > spreadsheet.MOST_BYTES:
            raise ValidationError(_l("The file is too large: at most 8 MB."))
        try:
            self.lines = bulk.lines_of(spreadsheet.read(content, most_rows=bulk.MOST_LINES + 1))
        except spreadsheet.SheetError as fault:
            raise ValidationError(fault.sentence) from fault
        if not self.lines:
            raise ValidationError(_l("Nothing is filled in: write outcome and reasons into the empty columns."))
        self.name = tidy(sent.filename)[:120]


class ChosenForm(OnceForm):
    """One outcome for the rows that were chosen in the table; it is looked at before anything is recorded."""

    kind = RadioField(_l("What it is"), [InputRequired(_l("Say what the lines are."))])
    verdict = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])
    template = SelectField(_l("Begin from a template"), [Optional()], coerce=chosen_id)
    reasons = TextAreaField(_l("Reasons"), [Length(max=LONGEST_REASONS)], description=_l(
        "{code} and {title} become those of each row. On the next page you can write other reasons for each."))
    decided_by = StringField(_l("Who decided"), [Length(max=160)],
                             description=_l("Only for a decision. Such as: Council of the Union."))
    act = StringField(_l("Number of the act"), [Length(max=80)],
                      description=_l("Only for a decision. Such as: resolution no. 12 of 2026."))
    on = DayField(_l("Day"), [InputRequired(_l("Choose the day."))])

    def offer(self, templates: Sequence[ReplyTemplate], *, deciding: bool) -> None:
        """Set the choices, in the language of the page."""
        self.kind.choices = _acts(deciding=deciding)
        self.verdict.choices = [(verdict.value, VERDICTS[verdict]) for verdict in Verdict]
        self._templates = {one.id: one for one in templates}
        if templates:
            self.template.choices = choices([("", _l("No template")), *(
                (str(one.id), f"{one.name} ({VERDICTS[one.verdict]})") for one in templates)])
        else:
            del self.template

    def validate_reasons(self, field: TextAreaField) -> None:
        """They come from a template, or they are written."""
        if self.chosen_template is None and len(field.data or "") < SHORTEST_REASONS:
            raise ValidationError(_l("Give the reasons in a sentence at least."))

    def validate_decided_by(self, field: StringField) -> None:
        if self.kind.data == BatchKind.DECIDED.value and not field.data:
            raise ValidationError(_l("Say which body decided."))

    def validate_verdict(self, field: RadioField) -> None:
        if self.kind.data == BatchKind.DECIDED.value and field.data == Verdict.UNDER_REVIEW.value:
            raise ValidationError(_l("Under review is not a decision: choose what was decided."))

    @property
    def chosen_template(self) -> ReplyTemplate | None:
        return self._templates.get(self.template.data) if "template" in self else None

    def lines(self, rows: Sequence[awaited.Row], seen: dict[int, str]) -> list[dict[str, Any]]:
        """The lines of a batch: one for each row, with its own reasons and the version that was on the page."""
        deciding = self.kind.data == BatchKind.DECIDED.value
        return [{
            "n": number, "code": row.code, "version": seen[row.id], "verdict": self.verdict.data,
            "reasons": self._reasons(row), "on": cast(date, self.on.data).isoformat(),
            "decided_by": self.decided_by.data if deciding else "", "act": self.act.data if deciding else "",
        } for number, row in enumerate(rows, 1)]

    def _reasons(self, row: awaited.Row) -> str:
        written = self.reasons.data or ""
        if not written and self.chosen_template is not None:
            written = self.chosen_template.text.in_language(row.language)
        return replies.put_in(written, code=row.code, title=row.title)
