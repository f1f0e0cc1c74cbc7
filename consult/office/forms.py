"""Forms with which the plan office sets up a percorso and its activities."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.accounts import queries as accounts
from consult.core import clock
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
from consult.discussions import words as discussion_words
from consult.discussions.models import Discussion, Openers
from consult.opinions.models import Conversation
from consult.processes import words
from consult.processes.models import (
    Activity,
    Agreements,
    Audience,
    EngagementLevel,
    ModerationMode,
    Phase,
    Process,
    ResultsVisible,
)
from consult.processes.services import TimetableError, UnreadyError
from consult.surveys.models import Survey
from consult.verification import ages
from consult.verification.forms import CodesForm
from consult.voting.models import Ballot

TEXTS = ("title", "intro", "negotiable")
WHY = (InputRequired(_l("Say why: everyone reads it.")), DataRequired(_l("Say why: everyone reads it.")))
AUDIENCE = ("minimum_age", "maximum_age", "only_from", "workers_too", "only_categories")
VERIFYING = "verifying"
CHOICES = ("audience", *AUDIENCE, "moderation", "engagement_level", "results_visible", "agreements")
OF_DISCUSSIONS = ("openers", "columns")
TAKING_CODES = (Survey, Ballot, Conversation)
"""Activities in which somebody may take part without an account, once."""


class Timed:
    """A form some of whose fields are instants that may not be possible."""

    def refuse(self, fault: TimetableError | UnreadyError) -> None:
        """Show at its field what cannot be."""
        field = self[fault.field]  # type: ignore[index]
        field.errors = [*field.errors, fault.sentence]


@in_each_language("title", StringField, _l("Title"), required=_l("Give it a title."), most=200)
@in_each_language("summary", TextAreaField, _l("Summary"), required=_l("Say in short what it is about."), most=600)
@in_each_language("vision", TextAreaField, _l("Vision"), most=1200)
class ProcessForm(VersionedForm):
    """What the percorso says of itself."""

    start_act = StringField(_l("Act with which it began"), [Length(max=200)])
    published = BooleanField(_l("Public"), description=_l("Until then only the staff see it."))

    @classmethod
    def of(cls, process: Process) -> "ProcessForm":
        """The form, filled in with what is saved."""
        return cls(data={
            **one_for_each_language(title=process.title, summary=process.summary, vision=process.vision),
            "start_act": process.start_act, "published": process.published, "version": process.version})

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {**{name: localized(self, name) for name in ("title", "summary", "vision")},
                "start_act": self.start_act.data or "", "published": self.published.data}


@in_each_language("title", StringField, _l("Title"), required=_l("Give the phase a title."), most=200)
@in_each_language("purpose", TextAreaField, _l("Purpose"), required=_l("Say what the phase is for."), most=600)
class PhaseForm(Timed, VersionedForm):
    """When a phase begins and ends, and what it is for."""

    starts_at = MomentField(_l("Begins"), [InputRequired(_l("Say when the phase begins."))])
    ends_at = MomentField(_l("Ends"), [InputRequired(_l("Say when the phase ends."))])

    @classmethod
    def of(cls, phase: Phase) -> "PhaseForm":
        """The form, filled in with what is saved."""
        return cls(data={
            **one_for_each_language(title=phase.title, purpose=phase.purpose), "starts_at": phase.starts_at,
            "ends_at": phase.ends_at, "version": phase.version})

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {"title": localized(self, "title"), "purpose": localized(self, "purpose"),
                "starts_at": self.starts_at.data, "ends_at": self.ends_at.data}


def choice_of(label: Any, kind: Any, names: Any, **options: Any) -> SelectField:
    """One of an enumeration, by the words for each of its members."""
    return SelectField(label, [InputRequired()], coerce=kind, choices=choices((m.value, names[m]) for m in kind),
                       **options)


@in_each_language("title", StringField, _l("Title"), required=_l("Give the activity a title."), most=200)
@in_each_language("intro", TextAreaField, _l("Introduction"), required=_l("Say what it is about and why."), most=4000,
                  description=_l("What it is about, why, and what is asked. Markdown can be used."))
@in_each_language("negotiable", TextAreaField, _l("What is open, and what is not"), most=2000,
                  description=_l("What can still change, and what has been decided already."))
class ActivityFields(Timed):
    """What is decided of an activity, whether it is new or not."""

    opens_at = MomentField(_l("Opens"), [InputRequired(_l("Say when it opens."))])
    closes_at = MomentField(_l("Closes"), [InputRequired(_l("Say when it closes."))],
                            description=_l("At least four weeks after the opening, if people are to have time."))
    audience = choice_of(_l("Who can take part"), Audience, words.AUDIENCES, default=Audience.SIGNED_IN)
    minimum_age = SelectField(_l("Not younger than"), coerce=chosen_id, validators=[Optional()], choices=choices(
        [("", _l("Any age")), *((str(age), str(age)) for age in ages.STARTS[1:])]),
        description=_l("Only verifications tell an age: where one is asked for, whoever takes part must be verified."))
    maximum_age = SelectField(_l("Not older than"), coerce=chosen_id, validators=[Optional()], choices=choices(
        [("", _l("Any age")), *((str(age - 1), str(age - 1)) for age in ages.STARTS[1:])]))
    only_from = CheckboxesField(_l("Only from these municipalities"), validators=[Optional()],
                                description=_l("None chosen: from all."))
    workers_too = BooleanField(_l("Also whoever works or studies there"))
    only_categories = CheckboxesField(_l("Only organisations of these categories"), validators=[Optional()],
                                      description=_l("None chosen: everybody."))
    codes_allowed = BooleanField(
        _l("A code is enough, without an account"),
        description=_l("Whoever got one on a sheet or in a letter takes part once with it. Somebody with a code and an "
                       "account could take part with both, until the code is tied to the account."))
    moderation = choice_of(_l("Moderation"), ModerationMode, words.MODERATION_MODES, default=ModerationMode.BEFORE)
    engagement_level = choice_of(_l("What your voice counts for"), EngagementLevel,
                               {level: name for level, (name, _promise) in words.LEVELS.items()},
                               default=EngagementLevel.CONSULTATION)
    results_visible = choice_of(_l("Results are shown"), ResultsVisible, words.RESULTS_VISIBLE,
                              default=ResultsVisible.AFTER_CLOSE)
    agreements = choice_of(_l("What readers may say to a comment with one click"), Agreements, words.AGREEMENTS,
                         default=Agreements.BOTH)
    published = BooleanField(_l("Public"), description=_l("Until then only the staff see it."))
    openers = choice_of(_l("Who opens topics"), Openers, discussion_words.OPENERS, default=Openers.STAFF)
    columns = BooleanField(_l("Comments in two columns, for and against"),
                           description=_l("For topics opened from now on. Each can be set otherwise by the staff."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.only_from.choices = choices((town.istat_code, town.name) for town in accounts.municipalities())
        self.only_categories.choices = choices((one.code, one.name) for one in accounts.categories())

    def validate_maximum_age(self, field: Any) -> None:
        """Refuse ages that nobody has."""
        if field.data is not None and self.minimum_age.data is not None and field.data < self.minimum_age.data:
            raise ValidationError(_l("Nobody is so old and so young: put the two ages right."))

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed; those whose fields are not offered are left out."""
        offered = ("opens_at", "closes_at", *CHOICES, "codes_allowed", "published", *OF_DISCUSSIONS)
        chosen = {name: self[name].data for name in offered if name in self}  # type: ignore[index,operator]
        return {**{name: localized(self, name) for name in TEXTS}, **chosen}  # type: ignore[arg-type]


class ActivityForm(ActivityFields, VersionedForm):
    """Changes an activity. Once it has opened its times are no longer typed here: it is prolonged, in public."""

    @classmethod
    def of(cls, activity: Activity, **more: Any) -> Any:
        """The form, filled in with what is saved, and with the data of fields that only some have."""
        names = ["opens_at", "closes_at", *CHOICES, "published", "version"]
        if isinstance(activity, Discussion):
            names += OF_DISCUSSIONS
        if isinstance(activity, TAKING_CODES):
            names.append("codes_allowed")
        form = cls(data={**one_for_each_language(**{name: getattr(activity, name) for name in TEXTS}),
                         **{name: getattr(activity, name) for name in names}, **more})
        if not isinstance(activity, Discussion) and form.openers:
            del form.openers, form.columns
        if not isinstance(activity, TAKING_CODES) and form.codes_allowed:
            del form.codes_allowed
        if activity.opens_at <= clock.now():
            del form.opens_at, form.closes_at
        return form


class NewActivityForm(ActivityFields, OnceForm):
    """A new activity in one of the phases."""

    phase = SelectField(_l("Phase"), [InputRequired()], coerce=int)
    takes_codes = False
    """Whether a code can be said to be enough from the beginning."""

    def __init__(self, process: Process, **options: Any) -> None:
        super().__init__(**options)
        if not self.takes_codes:
            del self.codes_allowed
        open_phases = [phase for phase in process.phases if not phase.past()]
        self.phase.choices = choices((str(phase.id), str(phase.title)) for phase in open_phases)
        self._phases = {phase.id: phase for phase in open_phases}

    @property
    def chosen(self) -> Phase:
        """The phase, once the form is accepted."""
        return self._phases[self.phase.data]


class NewDiscussionForm(NewActivityForm):
    """A new discussion."""


class SheetForm(CodesForm):
    """A sheet of codes: for verifying, or only for taking part in a percorso or an activity."""

    good_for = SelectField(
        _l("What the codes are good for"), [InputRequired(_l("Say what they are good for."))], default=VERIFYING,
        description=_l("Codes that are only for taking part verify nobody. They are good where the activity says that "
                       "a code is enough."))

    def __init__(self, processes: Sequence[Process], activities: Sequence[Activity], **options: Any) -> None:
        super().__init__(**options)
        self._goals: dict[str, Process | Activity] = {
            **{f"p{process.id}": process for process in processes}, **{f"a{one.id}": one for one in activities}}
        self.good_for.choices = choices([
            (VERIFYING, _l("To be verified, and to take part wherever a code is enough")),
            *((key, _l("Only to take part, without an account: %(title)s", title=goal.title))
              for key, goal in self._goals.items())])

    @property
    def goal(self) -> Process | Activity | None:
        """What the codes are bound to, once the form is accepted; None where they verify."""
        return self._goals.get(self.good_for.data)

    @property
    def bound_to(self) -> tuple[int | None, int | None]:
        """The ids of the percorso and of the activity."""
        if self.goal is None:
            return None, None
        return self.goal.process_id, self.goal.id if isinstance(self.goal, Activity) else None


class ExtendForm(Timed, VersionedForm):
    """Puts off the closing, with a sentence for everyone."""

    closes_at = MomentField(_l("New closing"), [InputRequired(_l("Say until when it stays open."))])
    notice = StringField(
        _l("Sentence for everyone"), [*WHY, Length(max=300)],
        description=_l("Shown on the page of the activity, as in: prolonged by a week because of the snow."))

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {"closes_at": self.closes_at.data, "notice": self.notice.data}


class SuspendForm(VersionedForm):
    """Stops an activity for now."""

    reason = StringField(
        _l("Reason"), [*WHY, Length(max=300)],
        description=_l("Shown to everyone who wants to take part."))


def differences(form: Form) -> list[tuple[str, str, str]]:
    """Label, what is saved and what was typed, of each field in which the two differ."""
    shown = [field for field in form if not isinstance(field, HiddenField)]
    return [(field.label.text, _said(field, field.object_data), _said(field, field.data))
            for field in shown if field.object_data != field.data]


def _said(field: Any, value: Any) -> str:
    if isinstance(value, datetime):
        return clock.local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, Enum):
        return str(next(choice.label for choice in field.choices if choice.value == value.value))
    if isinstance(value, list):
        return ", ".join(str(choice.label) for choice in field.choices if choice.value in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value or "")
