"""Forms with which meetings are prepared and convened, and with which one says who came and what they said."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from consult.accounts.forms import one_line
from consult.accounts.models import Organisation
from consult.core.fields import MOST_ROWS, Row
from consult.core.forms import (
    CheckboxesField,
    Form,
    MomentField,
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.core.refusing import FieldError
from consult.governance.models import GovernanceBody
from consult.meetings import words
from consult.meetings.models import AgendaItem, Meeting, Stance
from consult.meetings.positions import Stated
from consult.meetings.services import Point
from consult.processes.models import Phase, Process

ROW, UP = "row:", "up:"
"""Before the name of the list to which a button adds a row, and before the number of the row it moves up."""
COLUMNS = ("begins_at", "ends_at", "place", "address", "online", "directions", "closes_at")


class Refusing(Form):
    """A form that shows at its field what cannot be."""

    def refuse(self, fault: FieldError) -> None:
        """Put the sentence beside its field, or above the form where it has no such field."""
        if fault.field in self:
            self[fault.field].errors = [*self[fault.field].errors, fault.sentence]
        else:
            self.form_errors.append(fault.sentence)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, FieldList) and any(field.errors):
                field.errors = [_l("Look at the rows that are marked.")]
        return sound


class PointRow(Row):
    """A point of the agenda."""

    id = HiddenField()
    title = StringField(_l("What is talked about"), [Optional(), Length(max=200)], filters=[one_line])
    text = TextAreaField(_l("More about it"), [Optional(), Length(max=4000)])

    @property
    def point(self) -> Point:
        """As the services take it."""
        known = self.id.data or ""
        return Point(title=self.title.data or "", text=self.text.data or "",
                     id=int(known) if known.isdigit() and len(known) < 10 else None)


@in_each_language("title", StringField, _l("Title"), required=_l("Give the meeting a title."), most=200)
@in_each_language("intro", TextAreaField, _l("What it is about"), required=_l("Say what the meeting is about."),
                  most=4000, description=_l("Why one meets, and who is expected. Markdown can be used."))
class MeetingForm(Refusing, VersionedForm):
    """What is decided of a meeting, with its agenda."""

    body = SelectField(_l("Who meets"), [Optional()], coerce=chosen_id,
                       description=_l("The table or the body that meets; none where the meeting is for everybody."))
    begins_at = MomentField(_l("Begins"), [InputRequired(_l("Say when it begins."))])
    ends_at = MomentField(_l("Ends"), [InputRequired(_l("Say when it ends, more or less."))])
    place = StringField(_l("Where one meets"), [Length(max=160)], filters=[one_line],
                        description=_l("The room and the town, as in: council room, Pieve Selvara."))
    address = StringField(_l("Street and number"), [Length(max=240)], filters=[one_line])
    online = StringField(_l("Address online"), [Length(max=500)], filters=[one_line], description=_l(
        "Where one takes part from afar; it begins with https://"))
    directions = TextAreaField(_l("How to come"), [Length(max=1000)], description=_l(
        "Bus and parking, the way without steps, and whom to ask for an interpreter or other help."))
    closes_at = MomentField(_l("Until when one can write comments"), [Optional()], description=_l(
        "Left empty: until two weeks after the meeting. One can write from the day on which it is convened."))
    agenda = FieldList(FormField(PointRow), label=_l("Agenda"), min_entries=3, max_entries=MOST_ROWS)

    def __init__(self, bodies: Sequence[GovernanceBody], meeting: Meeting | None = None, **options: Any) -> None:
        super().__init__(data=_filled(meeting) if meeting else None, **options)
        self.body.choices = choices([("", _l("Everybody")), *((str(body.id), str(body.name)) for body in bodies)])

    def validate_online(self, field: Any) -> None:
        """Refuse what is no address that a browser opens safely."""
        if field.data and not (field.data.startswith("https://") and len(field.data) > 10 and " " not in field.data):
            raise ValidationError(_l("Write an address that begins with https://"))

    def arrange(self, act: str) -> bool:
        """Do what a button of the agenda asks for: a row more, or a row one place up; False for anything else."""
        if act == f"{ROW}agenda" and len(self.agenda.entries) < MOST_ROWS:
            self.agenda.append_entry()
            return True
        number = act.removeprefix(UP)
        if act.startswith(UP) and number.isdigit() and 0 < int(number[:4]) < len(self.agenda.entries):
            here, before = (self.agenda.entries[at].form for at in (int(number), int(number) - 1))
            for name in here._fields:
                one, other = here[name], before[name]
                one.data, other.data = other.data, one.data
            return True
        return False

    @property
    def points(self) -> list[Point]:
        """The agenda that was typed."""
        return [row.form.point for row in self.agenda if not row.form.empty]

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        plain = {name: self[name].data for name in COLUMNS}
        texts = {name: plain[name] or "" for name in ("place", "address", "online", "directions")}
        return {**plain, **texts, "title": localized(self, "title"), "intro": localized(self, "intro"),
                "body_id": self.body.data}


def _filled(meeting: Meeting) -> dict[str, Any]:
    return {**one_for_each_language(title=meeting.title, intro=meeting.intro),
            **{name: getattr(meeting, name) for name in COLUMNS}, "body": meeting.body_id, "version": meeting.version,
            "agenda": [{"id": str(item.id), "title": item.title, "text": item.text} for item in meeting.agenda]}


class NewMeetingForm(MeetingForm, OnceForm):
    """A meeting that does not exist yet."""

    phase = SelectField(_l("Phase"), [InputRequired()], coerce=int)

    def __init__(self, process: Process, bodies: Sequence[GovernanceBody], **options: Any) -> None:
        super().__init__(bodies, **options)
        self._phases = {phase.id: phase for phase in process.phases if not phase.past()}
        self.phase.choices = choices((str(phase.id), str(phase.title)) for phase in self._phases.values())

    @property
    def chosen(self) -> Phase:
        """The phase, once the form is accepted."""
        return self._phases[self.phase.data]


class ConveneForm(Refusing, VersionedForm):
    """Makes a meeting public; with less than five days' notice it says why."""

    reason = TextAreaField(_l("Why it could not be convened earlier"), [Length(max=500)],
                           description=_l("Everyone reads it on the page of the meeting."))


class CancelForm(VersionedForm):
    """Calls a meeting off."""

    reason = TextAreaField(_l("Reason"), [DataRequired(_l("Say why: everyone reads it.")), Length(max=500)],
                           description=_l("Everyone reads it on the page of the meeting."))


class PeopleForm(VersionedForm):
    """How many came, and which organisations."""

    attended = IntegerField(_l("People in the room"), [
        InputRequired(_l("Write how many people came, in digits.")), NumberRange(0, 100_000)])
    online = IntegerField(_l("People online"), [Optional(), NumberRange(0, 100_000)])
    organisations = CheckboxesField(_l("Organisations that were there"), [Optional()], coerce=int, description=_l(
        "Organisations only: people are counted and never named."))

    def __init__(self, organisations: Sequence[Organisation], meeting: Meeting, **options: Any) -> None:
        super().__init__(data={
            "attended": meeting.attended, "online": meeting.attended_online, "version": meeting.version,
            "organisations": [one.id for one in meeting.organisations]}, **options)
        self._offered = {one.id: one for one in organisations}
        self.organisations.choices = choices((str(one.id), one.name) for one in organisations)

    @property
    def chosen(self) -> list[Organisation]:
        """The organisations that were there."""
        return [self._offered[id] for id in self.organisations.data or ()]


def _stance(value: Any) -> Any:
    return getattr(value, "value", value) or ""


class PositionRow(Row):
    """What one subject said of a point."""

    organisation = SelectField(_l("Organisation"), [Optional()], coerce=chosen_id)
    name = StringField(_l("Or the name of another subject"), [Optional(), Length(max=160)], filters=[one_line])
    stance = SelectField(_l("Position"), coerce=_stance, choices=choices(
        [("", _l("Not said")), *((stance.value, name) for stance, name in words.STANCES.items())]))
    note = TextAreaField(_l("Condition or note"), [Optional(), Length(max=600)])

    @property
    def empty(self) -> bool:
        """Whoever has not said anything stands in no table."""
        return not (self.stance.data or self.name.data or self.note.data)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = Form.validate(self, extra_validators)
        if not sound or self.empty:
            return sound
        if bool(self.organisation.data) == bool(self.name.data):
            self.organisation.errors = [_l("Choose an organisation, or write the name of a subject: one of them.")]
        elif not self.stance.data:
            self.stance.errors = [_l("Say which position it took, or empty the whole row.")]
        elif self.stance.data == Stance.CONDITIONAL.value and not (self.note.data or "").strip():
            self.note.errors = [_l("Write the condition: without it nobody knows what was agreed.")]
        return not any(field.errors for field in self)

    @property
    def stated(self) -> Stated:
        """As the services take it."""
        return Stated(stance=Stance(self.stance.data), note=self.note.data or "", name=self.name.data or None,
                      organisation_id=self.organisation.data)


class PositionsForm(Refusing, VersionedForm):
    """The positions on a point of the agenda."""

    positions = FieldList(FormField(PositionRow), label=_l("Positions"), min_entries=1, max_entries=2 * MOST_ROWS)

    def __init__(self, item: AgendaItem, seated: Sequence[Organisation], organisations: Sequence[Organisation],
                 **options: Any) -> None:
        told = [{"organisation": one.organisation_id, "name": one.name, "stance": one.stance, "note": one.note}
                for one in item.positions]
        spoke = {one.organisation_id for one in item.positions}
        told += [{"organisation": one.id} for one in seated if one.id not in spoke]
        super().__init__(data={"positions": told, "version": item.meeting.version}, **options)
        self._offered = choices([("", _l("None")), *((str(one.id), one.name) for one in organisations)])
        self._offer()

    def _offer(self) -> None:
        for row in self.positions:
            row.form.organisation.choices = self._offered

    def add_row(self) -> None:
        """Put an empty row at the end, while there is room."""
        if len(self.positions.entries) < 2 * MOST_ROWS:
            self.positions.append_entry()
            self._offer()

    @property
    def stated(self) -> list[Stated]:
        """What was typed, without those who said nothing."""
        return [row.form.stated for row in self.positions if not row.form.empty]
