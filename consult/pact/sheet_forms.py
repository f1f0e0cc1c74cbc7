"""The forms of a commitment: writing it with its milestones, and reporting how far it is."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError

from consult.analysis.models import Indicator
from consult.core import clock
from consult.core.fields import MOST_ROWS, DayField, EurosField, Row, at_most
from consult.core.forms import CheckboxesField, NumberField, OnceForm, VersionedForm, choices, chosen_id
from consult.core.refusing import FieldError
from consult.pact.commitments import CommitmentText
from consult.pact.forms import Lists
from consult.pact.models import Commitment, Progress, ProgressReport, Signatory, SignatoryState
from consult.pact.words import PROGRESS


class MilestoneRow(Row):
    title = StringField(_l("What is reached"), [Optional(), at_most(200)])
    due_on = DayField(_l("By"), [Optional()])
    reached_on = DayField(_l("Reached on"), [Optional()])


class CommitmentForm(Lists, VersionedForm):
    """A commitment: who does what, with whom, by when, and by what one will see it."""

    LIST = "milestones"
    code = StringField(_l("Code"), [
        DataRequired(_l("Give a code, such as I01.")), at_most(12),
        Regexp(r"[\w.\-]+\Z", message=_l("Use letters, digits, full stops and hyphens only, as in I01."))],
        description=_l("Such as I01. No other commitment has it, and its page is called by it."))
    title = StringField(_l("What is promised"), [DataRequired(_l("Say what is promised.")), at_most(240)])
    body = TextAreaField(_l("In detail"), [Optional(), at_most(6000)], description=_l("In Markdown."))
    signatory_id = SelectField(_l("Who is responsible"), coerce=chosen_id)
    partners = CheckboxesField(_l("With whom"), [Optional()], coerce=int)
    due_on = DayField(_l("By when"), [Optional()])
    cost = EurosField(_l("Cost in euros"), [Optional()], description=_l("In whole euros."))
    resources = StringField(_l("Where the money comes from"), [Optional(), at_most(500)])
    measure = StringField(_l("What is measured"), [Optional(), at_most(240)],
                          description=_l("The number by which one will see that it is kept."))
    unit = StringField(_l("Unit"), [Optional(), at_most(60)], description=_l("Such as: rides a month."))
    baseline = NumberField(_l("Value at the beginning"), [Optional()], signed=True)
    target = NumberField(_l("Value to be reached"), [Optional()], signed=True)
    indicator_id = SelectField(_l("Indicator of the territory"), coerce=chosen_id)
    milestones = FieldList(FormField(MilestoneRow), label=_l("Milestones"), min_entries=1, max_entries=MOST_ROWS)

    def __init__(self, signatories: Sequence[Signatory], indicators: Iterable[Indicator],
                 commitment: Commitment | None = None, **values: Any) -> None:
        self._parties = {one.id: one for one in signatories}
        super().__init__(obj=commitment, **values)
        named = [(str(one.id), one.name) for one in signatories if one.state is not SignatoryState.WITHDRAWN]
        self.signatory_id.choices = choices([("", _l("Nobody yet")), *named])
        self.partners.choices = choices(named)
        if commitment and not self.is_submitted():
            self.partners.data = [one.id for one in commitment.partners]
        self.indicator_id.choices = choices([("", _l("No indicator")),
                                             *((str(one.id), str(one.title)) for one in indicators)])

    def validate_partners(self, field: CheckboxesField) -> None:
        if self.signatory_id.data in (field.data or ()):
            raise ValidationError(_l("Whoever answers for it is not also a partner."))

    def validate_target(self, field: NumberField) -> None:
        if field.data is not None and field.data == self.baseline.data:
            raise ValidationError(_l("The value to be reached is the one at the beginning: look at the two again."))

    @property
    def sheet(self) -> CommitmentText:
        plain = [name for name in CommitmentText.__dataclass_fields__
                 if name not in {"partners", "milestones", "baseline", "target"} and self[name].data is not None]
        numbers: dict[str, Any] = {name: float(self[name].data) if self[name].data is not None else None
                   for name in ("baseline", "target")}
        return CommitmentText(
            **{name: self[name].data for name in plain}, **numbers, milestones=self.rows(),
            partners=[self._parties[id] for id in self.partners.data or ()])


class NewCommitmentForm(CommitmentForm, OnceForm):
    """A commitment that does not exist yet."""


class ReportForm(OnceForm):
    """How far a commitment is on a day."""

    on = DayField(_l("How it is on this day"), [InputRequired(_l("Choose the day."))], default=clock.today)
    standing = RadioField(_l("How it goes"), [InputRequired(_l("Say how it goes."))],
                          choices=choices((one.value, words) for one, (words, _kind) in PROGRESS.items()))
    value = NumberField(_l("Value measured"), [Optional()], signed=True)
    text = TextAreaField(_l("What was done and what comes next"), [
        DataRequired(_l("Say in some sentences what was done and what comes next.")), at_most(4000)],
        description=_l("Everybody can read it at once. In Markdown."))
    reached = CheckboxesField(_l("Milestones reached by that day"), [Optional()], coerce=int)
    corrects = SelectField(_l("Does it correct an earlier report?"), coerce=chosen_id, description=_l(
        "A report is never changed: the correction says which one it stands in for, and both can be read."))

    def __init__(self, commitment: Commitment, **values: Any) -> None:
        super().__init__(**values)
        self.reached.choices = choices(
            (str(one.id), one.title) for one in commitment.milestones if one.reached_on is None)
        corrected = {report.corrects_id for report in commitment.reports}
        self.corrects.choices = choices([("", _l("No")), *(
            (str(one.id), self._named(one)) for one in commitment.reports if one.id not in corrected)])

    @staticmethod
    def _named(report: ProgressReport) -> str:
        return f"{report.on:%d/%m/%Y} · {PROGRESS[report.standing][0]}"

    @property
    def day(self) -> date:
        return self.on.data or clock.today()

    @property
    def chosen(self) -> Progress:
        return Progress(self.standing.data)

    def refuse(self, fault: FieldError) -> None:
        """Show at its field why it cannot be."""
        self[fault.field].errors = [fault.sentence]
