"""The forms of what moderators do besides publishing and hiding."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.contributions import splitting
from consult.core import clock
from consult.core.forms import VersionedForm, choices
from consult.core.web import me
from consult.measures import passing, places
from consult.measures.rules import LONGEST as LONGEST_SENTENCE
from consult.measures.rules import details_with
from consult.measures.words import NOBODY_ELSE
from consult.moderation import services, words
from consult.moderation.acts import SENTENCE, Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Reason
from consult.processes.models import Activity, Axis
from consult.reasons.entries import Family

HOURS = {"4h": timedelta(hours=4), "3d": timedelta(days=3), "7d": timedelta(days=7)}
MORNING = time(8)
LONGEST = timedelta(days=31)


WHY = _l("Say in a sentence why, at least %(number)s characters.", number=SENTENCE)


def _explained(field: Any) -> None:
    if len((field.data or "").strip()) < SENTENCE:
        raise ValidationError(WHY)


class MeasureForm(VersionedForm):
    """What every act of these has: the mark of what was on the page, and an order."""

    act: Act
    editorial = False
    """It is about the form of a text and breaks no rule that everybody keeps to."""

    def __init__(self, matter: Matter) -> None:
        super().__init__(data={"version": services.mark(matter), **self.begun()})
        self.matter = matter
        if "reason" in self:
            rules = words.numbered(matter.process_id)
            own = [each for each in rules if each[1].family is Family.EDITORIAL] if self.editorial else []
            self.reason.choices = choices([("", _l("Choose a reason")), *(
                (reason, f"{rule.number}. {rule.label}") for reason, rule in own or rules)])

    def begun(self) -> dict[str, Any]:
        """What stands in the fields before anything is chosen."""
        return {}

    @property
    def details(self) -> dict[str, Any]:
        """Ids and numbers that the act must know."""
        return {}

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        reason = self["reason"].data if "reason" in self else None
        return Order(act=self.act, reason=reason, note=self["note"].data or "", details=self.details)


class ReasonedForm(MeasureForm):
    """An act of which the author is told why."""

    reason = SelectField(_l("Reason"), [InputRequired(_l("Choose one of the reasons offered."))])
    note = TextAreaField(
        _l("Note to the author"),
        [InputRequired(WHY), Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("What exactly is the matter, and what could be changed. Sent with the decision."))

    def validate_note(self, field: Any) -> None:
        _explained(field)


class LockForm(ReasonedForm):
    """Why a discussion is closed."""

    act = Act.LOCK
    note = TextAreaField(
        _l("The sentence that everybody reads"),
        [InputRequired(WHY),
         Length(max=LONGEST_SENTENCE, message=_l("The sentence is too long: at most 300 characters."))],
        description=_l("Why the discussion is closed, without blaming anybody. It stands above the comments."))


class SnoozeForm(MeasureForm):
    """Until when something is laid aside."""

    act = Act.SNOOZE
    until = RadioField(_l("Until when"), [InputRequired(_l("Choose until when."))], choices=choices([
        ("4h", _l("For four hours")), ("morning", _l("Until tomorrow morning")), ("3d", _l("For three days")),
        ("7d", _l("For a week")), ("day", _l("Until a day"))]))
    day = DateField(_l("The day"), [Optional()])
    note = StringField(_l("Note for yourself and the other moderators"), [Length(max=1000)])

    def validate_day(self, field: Any) -> None:
        today = clock.today()
        if self.until.data == "day" and not (field.data and today < field.data <= today + LONGEST):
            raise ValidationError(_l("Choose a day from tomorrow to a month from now."))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if sound and self.until.data == "day" and self.day.data is None:
            self.day.errors = [_l("Choose a day from tomorrow to a month from now.")]
            return False
        return sound

    @property
    def details(self) -> dict[str, Any]:
        if self.until.data in HOURS:
            until = clock.now() + HOURS[self.until.data]
        else:
            day = self.day.data if self.until.data == "day" else clock.today() + timedelta(days=1)
            until = datetime.combine(day, MORNING, clock.ROME).astimezone(UTC)
        return details_with(self.matter, until=until.isoformat())


class EscalateForm(MeasureForm):
    """Why somebody else should decide."""

    act = Act.ESCALATE
    note = TextAreaField(_l("Why somebody else should decide"), [InputRequired(WHY), Length(max=1000)],
                         description=_l("Read by those who are asked; never by the author."))

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter)
        self.asked = passing.asked(matter, me())

    def validate_note(self, field: Any) -> None:
        _explained(field)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not self.asked:
            self.form_errors.append(NOBODY_ELSE)
        return sound and bool(self.asked)

    @property
    def details(self) -> dict[str, Any]:
        return details_with(self.matter, to=[person.id for person in self.asked])


class DuplicateForm(ReasonedForm):
    """Of which other text it is the double."""

    act = Act.DUPLICATE
    code = StringField(_l("Double of"), [InputRequired(_l("Write the code of the other text.")),
                                         DataRequired(_l("Write the code of the other text.")), Length(max=24)])

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter)
        self.code.description = _l("Its code, as in %(code)s. It must be public.", code=matter.code)
        self.of = places.other(matter, self.code.data or "")

    def begun(self) -> dict[str, Any]:
        return {"reason": Reason.DUPLICATE.value}

    def validate_code(self, field: Any) -> None:
        if self.of is None:
            raise ValidationError(_l("No other public text of this kind has this code."))

    @property
    def details(self) -> dict[str, Any]:
        return {"of": self.of.id if self.of else None}


class MoveForm(ReasonedForm):
    """Where something belongs."""

    act, editorial = Act.MOVE, True
    where = RadioField(_l("Move to"), [InputRequired(_l("Choose where it belongs."))])

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter)
        self.where.choices = choices([(f"{name}:{one.id}", _label(one, matter)) for name, some in (
            ("activity", places.activities(matter)), ("axis", places.axes(matter))) for one in some])

    def begun(self) -> dict[str, Any]:
        return {"reason": Reason.MISPLACED.value}

    @property
    def details(self) -> dict[str, Any]:
        name, _colon, number = self.where.data.partition(":")
        thing = self.matter.thing
        return {name: int(number), "from_activity": thing.activity_id, "from_axis": getattr(thing, "axis_id", None),
                "from_category": getattr(thing, "category_id", None)}


def _label(one: Activity | Axis, matter: Matter) -> Any:
    if isinstance(one, Axis):
        return _l("Theme: %(title)s", title=one.title)
    if matter.activity is None or one.phase_id != matter.activity.phase_id:
        return _l("Phase “%(phase)s”, activity: %(title)s", phase=one.phase.title, title=one.title)
    return _l("Activity: %(title)s", title=one.title)


class SplitForm(ReasonedForm):
    """What a text becomes: its parts are written in a form of its kind."""

    act, editorial = Act.SPLIT, True
    note = TextAreaField(
        _l("Why, in a sentence that everybody reads"),
        [InputRequired(WHY), Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("It stands on the page of the text and of its parts; the author gets it by e-mail."))

    def __init__(self, matter: Matter) -> None:
        super().__init__(matter)
        way = splitting.way(matter.thing)
        assert way is not None  # noqa: S101 - the act is not offered for anything else
        self.parts, self.part_fields = way.parts(matter.thing), way.fields

    def begun(self) -> dict[str, Any]:
        return {"reason": Reason.SEVERAL.value}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        return bool(self.parts.validate()) and sound

    @property
    def order(self) -> Order:
        return replace(super().order, texts=self.parts.written)
