"""The one form with which the plan office sets up a ballot, and that with which it mends one in which people vote."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from consult.ballots import parameters, promised, reading, state, words
from consult.ballots.drafts import Draft, OptionSaid
from consult.ballots.electorate import Beginning
from consult.ballots.faults import MOST_OPTIONS, Fault, faults
from consult.core.forms import (
    CheckboxesField,
    VersionedForm,
    choices,
    chosen_id,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.core.languages import DEFAULT
from consult.methods.conditions import KINDS
from consult.methods.registry import METHODS
from consult.office.call_forms import check_lines
from consult.office.forms import TEXTS, ActivityForm, NewActivityForm
from consult.processes import words as process_words
from consult.processes.models import Audience, Process, ResultsVisible
from consult.processes.services import TimetableError, UnreadyError
from consult.territory.models import Municipality
from consult.voting.models import Ballot, Secrecy

SPARE, FIRST_ROWS = 3, 5
MOST_ROWS = MOST_OPTIONS + 20
"""So many can be sent in, some of them empty: what is too many is said, never cut."""
LARGEST = 1_000_000_000
GRADES = _l("Grades, the worst first")
OPTION_FIELDS = ("place", "code", "title", "text", "cost", "town", "lot", "contribution", "commitment")
DROPPED = ("moderation", "agreements", "openers", "columns")
"""What an activity decides and a ballot does not."""


def _whole(least: int, most: int) -> list[Any]:
    return [Optional(), NumberRange(min=least, max=most)]


@in_each_language("question", TextAreaField, _l("Question"), required=_l("Write what is asked."), most=600,
                  description=_l("One question, which can be answered with the options below."))
@in_each_language("grades", TextAreaField, GRADES, most=600, description=_l(
    "One in each line, from two to ten. Empty: reject, poor, acceptable, good, very good, excellent."))
class Settings:
    """What is decided of a ballot beside what every activity has."""

    method = RadioField(_l("Way of voting"), [InputRequired(_l("Choose a way of voting."))], default="approval",
                        choices=choices((name, method.title) for name, method in METHODS.items()))
    minimum = IntegerField(_l("At least so many options on a paper"), _whole(0, 1000), default=1, description=_l(
        "With 0 a paper can be left blank, and counts among those who voted."))
    maximum = IntegerField(_l("At most so many options on a paper"), _whole(1, 1000), description=_l(
        "Empty: as many as there are."))
    budget = IntegerField(_l("Budget in whole euros"), _whole(1, LARGEST), description=_l(
        "What can be spent on everything together."))
    paper_budget = BooleanField(_l("Each paper must fit the budget"), default=True, description=_l(
        "What one person chooses may cost at most the budget."))
    lots = TextAreaField(_l("Earmarked parts of the budget"), [Length(max=2000)], description=_l(
        "One in each line, as in “Mountain: 40000”. Options name their lot below. Empty: one budget for all."))
    exclusive = StringField(_l("Options that exclude each other"), [Length(max=400)], description=_l(
        "The numbers of their rows, sets parted by semicolons, as in “2, 5; 3, 7”: only the first of each set is "
        "funded."))
    skip = BooleanField(_l("Go on after an option that does not fit"), default=True, description=_l(
        "Cheaper options that come after it are still tried."))
    threshold = IntegerField(_l("Votes under which nothing is funded"), _whole(1, LARGEST))
    threshold_percent = IntegerField(_l("Or: share of the papers under which nothing is funded, in percent"),
                                     _whole(1, 100))
    completion = RadioField(_l("What is left over"), default="none", validators=[Optional()], choices=choices([
        ("none", _l("Stays unspent")), ("greedy", _l("Goes to what has the most votes of the rest"))]))
    lowest = IntegerField(_l("The scale begins at"), _whole(-100, 100), default=0)
    highest = IntegerField(_l("The scale ends at"), _whole(-100, 100), default=10)
    points = IntegerField(_l("Points to distribute"), _whole(1, 10_000), default=10)
    most_objections = IntegerField(
        _l("Objections that a commitment can bear, in percent"), _whole(0, 100), default=0,
        description=_l("Of those who said something on it. With 0 a single objection stops it."))
    shuffled = BooleanField(_l("Each person finds the options in another order"), default=True,
                            description=words.SHUFFLED)
    proposals = CheckboxesField(_l("Take over these proposals"), validators=[Optional()])
    proposal_codes = StringField(_l("Other proposals, by their codes"), [Length(max=2000)], description=_l(
        "Parted by commas, as in: ROV-P-0012, ROV-P-0031."))
    commitments = CheckboxesField(_l("Take over these commitments"), validators=[Optional()])
    by_organisation = BooleanField(_l("Organisations vote"), description=_l(
        "One paper each, cast by whoever holds their mandate. People by themselves do not vote."))
    secrecy = RadioField(_l("Who can know how somebody voted"), coerce=Secrecy, default=Secrecy.PSEUDONYMOUS,
                         validators=[InputRequired()],
                         choices=choices((level.value, title) for level, (title, _said) in words.SECRECY.items()))
    more = HiddenField()
    """Sent by the button that asks for further empty rows."""
    refill = HiddenField()
    """Sent by the button that asks for the residents of the ages chosen."""

    rows: int
    towns: Sequence[Municipality]
    process: Process
    known: Mapping[str, Any]
    """The public proposals that stand in the rows, by id."""
    promises: Mapping[str, Any]
    """The commitments of the pact that can be voted on, or are already, by id."""
    before: Mapping[str, OptionSaid]
    """The options that are saved, by code."""
    draft: Draft
    beginning: Beginning

    def trim(self: Any) -> None:
        """Leave out what a ballot does not decide, and what it never may."""
        for name in DROPPED:
            if name in self:
                del self[name]
        self.audience.choices = choices((one.value, process_words.AUDIENCES[one]) for one in Audience
                                        if one is not Audience.ANYONE)
        self.results_visible.choices = choices((one.value, process_words.RESULTS_VISIBLE[one])
                                               for one in ResultsVisible if one is not ResultsVisible.LIVE)

    def offer(self: Any, proposals: Sequence[Any]) -> None:
        """Offer proposals and commitments to be taken over, but those that are options already."""
        voted = {str(self[f"option{at}_commitment"].data) for at in range(self.rows)}
        self.commitments.choices = choices(
            (id, f"{one.code} · {one.title}") for id, one in self.promises.items()
            if id not in voted and promised.stands(one))
        there = {self[f"option{at}_contribution"].data for at in range(self.rows)}
        self.proposals.choices = choices(
            (str(one.id), _l("%(title)s (%(code)s, supports: %(count)s)", title=one.title, code=one.code,
                             count=one.support_count)) for one in proposals if str(one.id) not in map(str, there))

    @property
    def options(self: Any) -> list[dict[str, Any]]:
        """The fields of each row of the options."""
        return [{name: self[f"option{at}_{name}"] for name in OPTION_FIELDS} for at in range(self.rows)]

    def eligible_fields(self: Any) -> list[tuple[Municipality, Any]]:
        """Each municipality with the number of those who may vote there."""
        return [(town, self[f"eligible_{town.istat_code}"]) for town in self.towns]

    def fill_in(self: Any, beginning: Beginning) -> None:
        """Say how many residents of the ages chosen there are, and put them in where that is asked for."""
        self.beginning = beginning
        if self.refill.data:
            for town, field in self.eligible_fields():
                field.data, field.raw_data = beginning.numbers[town.istat_code], None

    def condition_fields(self: Any) -> list[tuple[str, LazyString, list[Any]]]:
        """Each kind of condition with its title and its numbers."""
        return [(kind, about.title, [self[f"condition_{kind}_{name}"] for name in about.takes])
                for kind, about in KINDS.items()]

    def validate(self: Any, extra_validators: Any = None) -> bool:
        """Sound where every field is and the whole makes a ballot; what can wait until it is public can wait."""
        sound: bool = super().validate(extra_validators)  # type: ignore[misc]
        for name, field in self._fields.items():
            if field.errors and not parameters.matters(name, self.method.data):
                field.errors = []
        sound = sound or not any(field.errors for field in self)
        if self.more.data or self.refill.data or not sound:
            return sound and not (self.more.data or self.refill.data)
        try:
            self.draft = reading.draft(self)
        except reading.MistypedError as fault:
            self.show([fault.fault])
            return False
        waits = not self.published.data if "published" in self else True
        wrong = [fault for fault in faults(self.draft) if fault.blocks or not waits]
        self.show(wrong)
        return not wrong

    def show(self: Any, wrong: Sequence[Fault]) -> None:
        """Show at its field what cannot be."""
        first = {"options": "option0_title", "conditions": next(self._names("condition_"), ""),
                 "eligible": next(self._names("eligible_"), "")}
        for fault in wrong:
            name = first.get(fault.field) or (fault.field if fault.field in self else f"{fault.field}_{DEFAULT}")
            self[name].errors = [*self[name].errors, fault.sentence]

    def _names(self: Any, beginning: str) -> Iterator[str]:
        return (name for name in self._fields if name.startswith(beginning))

    def validate_grades_it(self: Any, field: Any) -> None:
        """One grade in each line."""
        check_lines(self, "grades")

    @property
    def values(self: Any) -> dict[str, Any]:
        """The columns of an activity that were typed."""
        typed: dict[str, Any] = super().values  # type: ignore[misc]
        return {name: value for name, value in typed.items() if name != "published" or "published" in self}


def _with_rows(base: type[Any], rows: int, towns: Sequence[Municipality]) -> type[Any]:
    """The form with so many rows of options, and a number for each municipality and each condition."""
    form: type[Any] = type(base.__name__, (base,), {"rows": rows, "towns": list(towns)})
    for at in range(rows):
        _add_row(form, f"option{at}", towns)
    for town in towns:
        setattr(form, f"eligible_{town.istat_code}", IntegerField(town.name, _whole(0, 10_000_000)))
    for kind, about in KINDS.items():
        for name in about.takes:
            most = 100 if name == "percent" else len(towns) if name == "places" else LARGEST
            setattr(form, f"condition_{kind}_{name}", IntegerField(words.NUMBERS[name], _whole(1, most)))
    return form


def _add_row(form: type[Any], name: str, towns: Sequence[Municipality]) -> None:
    setattr(form, f"{name}_place", IntegerField(_l("Place"), _whole(-999, 9999)))
    setattr(form, f"{name}_code", HiddenField(validators=[Length(max=12)]))
    setattr(form, f"{name}_title", StringField(_l("Option"), [Length(max=200)]))
    setattr(form, f"{name}_text", TextAreaField(_l("Explanation"), [Length(max=2000)]))
    setattr(form, f"{name}_cost", IntegerField(_l("Cost in whole euros"), _whole(1, LARGEST)))
    setattr(form, f"{name}_town", SelectField(
        _l("Where"), coerce=chosen_id, validators=[Optional()],
        choices=choices([("", _l("Everywhere")), *((str(town.id), town.name) for town in towns)])))
    setattr(form, f"{name}_lot", StringField(_l("Lot of the budget"), [Length(max=24)]))
    for of in ("contribution", "commitment"):
        setattr(form, f"{name}_{of}", HiddenField(validators=[Length(max=12)]))


class NewBallotForm(Settings, NewActivityForm):
    """A new ballot, empty or as an earlier one was."""

    earlier = HiddenField(validators=[Length(max=12)])
    takes_codes = True


class BallotForm(Settings, ActivityForm):
    """Changes a ballot in which nobody could vote yet."""


def rows_wanted(there: int, sent: Mapping[str, Any]) -> int:
    """How many rows a form has: those sent, or those there are, all of them, with some to spare."""
    came = sum(1 for name in sent if name.startswith("option") and name.endswith("_title"))
    wanted = came + (FIRST_ROWS if sent.get("more") else 0) if came else max(there + SPARE, FIRST_ROWS)
    return min(wanted, max(MOST_ROWS, there))


def new_form(towns: Sequence[Municipality], rows: int) -> type[NewBallotForm]:
    """The form of a new ballot with so many rows."""
    return _with_rows(NewBallotForm, rows, towns)


def edit_form(towns: Sequence[Municipality], rows: int) -> type[BallotForm]:
    """The form of a ballot with so many rows."""
    return _with_rows(BallotForm, rows, towns)


@in_each_language("title", StringField, _l("Title"), required=_l("Give the activity a title."), most=200)
@in_each_language("intro", TextAreaField, _l("Introduction"), required=_l("Say what it is about and why."), most=4000,
                  description=_l("What it is about, why, and what is asked. Markdown can be used."))
@in_each_language("negotiable", TextAreaField, _l("What is open, and what is not"), most=2000,
                  description=_l("What can still change, and what has been decided already."))
class MendForm(VersionedForm):
    """What is said around a ballot in which people vote."""

    published = BooleanField(_l("Public"), description=_l("Until then only the staff see it."))

    @classmethod
    def of(cls, ballot: Ballot) -> "MendForm":
        """The form, filled in with what is saved; one in which people vote stays public."""
        form = cls(data={**one_for_each_language(**{name: getattr(ballot, name) for name in TEXTS}),
                         "published": ballot.published, "version": ballot.version})
        if state.begun(ballot):
            del form.published
        return form

    def refuse(self, fault: TimetableError | UnreadyError) -> None:
        """Show at its field what cannot be."""
        self[fault.field].errors = [*self[fault.field].errors, fault.sentence]

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        texts: dict[str, Any] = {name: localized(self, name) for name in TEXTS}
        return {**texts, "published": self.published.data} if "published" in self else texts


class CancelForm(VersionedForm):
    """A ballot that does not take place."""

    reason = StringField(_l("Why it does not take place"), [Length(max=300)],
                         description=_l("Everyone who looks for it reads it."))
