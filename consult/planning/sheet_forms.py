"""The form of a project sheet, with rows that a button adds."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError

from consult.analysis.models import Indicator
from consult.core.fields import MOST_ROWS, DayField, EurosField, Row, at_most, of_enum
from consult.core.forms import CheckboxesField, OnceForm, VersionedForm, choices, chosen_id
from consult.planning.forms import CODE
from consult.planning.models import Action, ActionState, Frequency, Measured
from consult.planning.programme import ROWS, ProjectSheet
from consult.planning.words import ACTION_STATES, FREQUENCIES, MEASURED
from consult.territory.models import Municipality


class FundingRow(Row):
    NAMED = "source"
    source = StringField(_l("Where the money comes from"), [Optional(), at_most(300)])
    amount = EurosField(_l("Amount in euros"), [Optional()])
    granted = BooleanField(_l("Granted already"))


class MilestoneRow(Row):
    title = StringField(_l("What is reached"), [Optional(), at_most(200)])
    due_on = DayField(_l("By"), [Optional()])
    reached_on = DayField(_l("Reached on"), [Optional()])


class MeasureRow(Row):
    kind = SelectField(_l("What it tells"), coerce=of_enum(Measured),
                       choices=choices((one.value, words) for one, words in MEASURED.items()))
    title = StringField(_l("Indicator"), [Optional(), at_most(200)])
    baseline = StringField(_l("Value today"), [Optional(), at_most(60)])
    target = StringField(_l("Value to be reached"), [Optional(), at_most(60)])
    frequency = SelectField(_l("How often it is measured"), coerce=of_enum(Frequency), default=Frequency.YEARLY,
                            choices=choices((one.value, words) for one, words in FREQUENCIES.items()))
    indicator_id = SelectField(_l("Indicator of the territory"), coerce=chosen_id)

    @property
    def empty(self) -> bool:
        return super().empty and self.indicator_id.data is None

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "kind": Measured(self.kind.data), "frequency": Frequency(self.frequency.data)}


class ActionForm(VersionedForm):
    """The project sheet of an action."""

    code = StringField(_l("Code"), [DataRequired(_l("Give a code, such as A1.2.1.")), at_most(16), CODE],
                       description=_l("Such as A1.2.1. No other action has it, and its page is called by it."))
    title = StringField(_l("Title"), [DataRequired(_l("Say what will be done.")), at_most(240)])
    description = TextAreaField(_l("Description"), [Optional(), at_most(6000)],
                                description=_l("What will be done. In Markdown."))
    need = TextAreaField(_l("Which need it answers"), [Optional(), at_most(6000)], description=_l(
        "In Markdown. A line such as {{ indicatori residenti }} or {{ risultato 12 }} shows the figures that tell of "
        "the need."))
    state = SelectField(_l("State"), [InputRequired(_l("Say how far it is."))], coerce=of_enum(ActionState),
                        choices=choices((state.value, words) for state, words in ACTION_STATES.items()))
    municipalities = CheckboxesField(_l("Municipalities concerned"), [Optional()], coerce=int,
                                     description=_l("Choose none if it is about all of them alike."))
    lead = StringField(_l("Who carries it out"), [Optional(), at_most(200)])
    partners = StringField(_l("With whom"), [Optional(), at_most(500)])
    referent = StringField(_l("Who answers for it"), [Optional(), at_most(160)], description=_l(
        "An office or a role, such as “Mobility office”: never a person's name."))
    starts_on = DayField(_l("Begins on"), [Optional()])
    ends_on = DayField(_l("Ends on"), [Optional()])
    cost = EurosField(_l("Cost in euros"), [Optional()], description=_l("In whole euros."))
    risks = TextAreaField(_l("Risks"), [Optional(), at_most(4000)],
                          description=_l("What could go wrong, and what one will do then. In Markdown."))
    dup = StringField(_l("Programming document (DUP)"), [Optional(), at_most(120)])
    pnrr = StringField(_l("Recovery plan (PNRR)"), [Optional(), at_most(120)])
    fesr = StringField(_l("Regional development fund (FESR)"), [Optional(), at_most(120)])
    cup = StringField(_l("Project code (CUP)"), [Optional(), Regexp(
        r"[A-Za-z0-9]{15}\Z", message=_l("A CUP has fifteen letters and digits."))])
    fundings = FieldList(FormField(FundingRow), label=_l("Where the money comes from"), min_entries=1,
                         max_entries=MOST_ROWS)
    milestones = FieldList(FormField(MilestoneRow), label=_l("Milestones"), min_entries=1, max_entries=MOST_ROWS)
    measures = FieldList(FormField(MeasureRow), label=_l("Indicators"), min_entries=1, max_entries=MOST_ROWS)

    def __init__(self, towns: Sequence[Municipality], indicators: Iterable[Indicator], action: Action | None = None,
                 **values: Any) -> None:
        self._towns = {town.id: town for town in towns}
        super().__init__(obj=action, **values)
        self.municipalities.choices = choices((str(town.id), town.name) for town in towns)
        if action and not self.is_submitted():
            self.municipalities.data = [town.id for town in action.municipalities]
        self._offered = choices([("", _l("None")), *((str(one.id), str(one.title)) for one in indicators)])
        self.offer()

    def offer(self) -> None:
        """Give every row the indicators it can be linked to."""
        for row in self.measures:
            row.form.indicator_id.choices = self._offered

    def add_row(self, name: str) -> bool:
        """Put an empty row at the end of one of the lists; False where there is no such list or no room."""
        if name not in ROWS or len(self[name].entries) >= MOST_ROWS:
            return False
        self[name].append_entry()
        self.offer()
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        for name in ROWS:
            if any(self[name].errors):
                self[name].errors = [_l("Look at the rows that are marked.")]
        return sound

    def validate_ends_on(self, field: DayField) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("It cannot end before it begins: look at the two days."))

    def validate_cost(self, field: EurosField) -> None:
        amounts = [row.form.amount.data for row in self.fundings if isinstance(row.form.amount.data, int)]
        if isinstance(field.data, int) and sum(amounts) > field.data:
            raise ValidationError(_l("The amounts of the sources are more than the cost: look at them again."))

    @property
    def sheet(self) -> ProjectSheet:
        plain = [name for name in ProjectSheet.__dataclass_fields__
                 if name not in {"state", "municipalities", *ROWS} and self[name].data is not None]
        rows: dict[str, Any] = {name: [row.form.values for row in self[name] if not row.form.empty] for name in ROWS}
        return ProjectSheet(
            **{name: self[name].data for name in plain}, **rows, state=ActionState(self.state.data),
            municipalities=[self._towns[id] for id in self.municipalities.data or ()])


class NewActionForm(ActionForm, OnceForm):
    """An action that does not exist yet."""
