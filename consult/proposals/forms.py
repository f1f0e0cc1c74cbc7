"""Writing a proposal."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from consult.accounts.models import Organisation, Person
from consult.comments.forms import speakers, spoken_for
from consult.core.forms import NumberField, OnceForm, VersionedForm, choices, chosen_id
from consult.places import queries as places
from consult.places.forms import PlaceFields
from consult.processes.models import Axis
from consult.proposals import fields
from consult.proposals.fields import Present
from consult.proposals.models import Asking, Proposal, ProposalCall
from consult.proposals.services import Wording
from consult.territory.models import Municipality

SHORTEST, LONGEST = 40, 6000
_NEEDED = (DataRequired, InputRequired, Present)


class ProposalFields(PlaceFields):
    """What is asked for a proposal, new or not."""

    title = StringField(
        _l("Title"),
        [DataRequired(_l("Give your proposal a title.")),
         Length(max=120, message=_l("Shorten the title: at most 120 characters."))],
        description=_l("Say in one line what should change."),
    )
    body = TextAreaField(
        _l("Proposal"),
        [DataRequired(_l("Describe your proposal.")),
         Length(min=SHORTEST, max=LONGEST, message=_l("Describe your proposal in 40 to 6,000 characters."))],
        description=_l("What is the problem, whom does it touch, what do you propose? "
                       "An empty line begins a new paragraph, a dash at the beginning of a line makes a list."),
    )
    axis = SelectField(_l("Theme"), coerce=chosen_id,
                       description=_l("The theme of the plan that it belongs to, if you know it."))
    category = SelectField(_l("Category"), coerce=chosen_id)
    cost = NumberField(_l("What it costs, in euros"), most=Decimal(10**10),
                       description=_l("As far as you know. For example 1,500 for a bench, 250,000 for a cycle path."))
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)
    page = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=64)])
    """Which page it is, so that what it has saved as a draft is what it sends in."""

    place_needed = False
    _template = ""
    _signed: Organisation | None = None

    def offer(self: Any, call: ProposalCall, person: Person, so_far: Wording | None = None, *,
              organisation: Organisation | None = None) -> None:
        """Ask for what the call asks; what it asks no more stays as it was. `organisation` is the one named so far."""
        self._so_far = so_far or Wording(title="", body="")
        self._offer_themes(call)
        self._offer_speakers(person, organisation)
        if call.asks_cost:
            self._need("cost", call.asks_cost, _l("Say what it costs, roughly: this call asks for it."))
        else:
            del self.cost
        self._offer_place(call)
        self._template = call.body_template

    def _offer_themes(self: Any, call: ProposalCall) -> None:
        self._axes: list[Axis] = [axis for axis in call.phase.process.axes if not call.only_axes
                                  or axis.code in call.only_axes or axis == self._so_far.axis]
        self._categories = list(call.categories)
        self.axis.choices = choices([("", _l("I do not know")),
                                     *((str(axis.id), str(axis.title)) for axis in self._axes)])
        self.category.choices = choices([("", _l("I do not know")),
                                         *((str(one.id), str(one.name)) for one in self._categories)])
        self._need("axis", call.asks_axis, _l("Choose the theme that fits best."))
        self._need("category", call.asks_category, _l("Choose the category that fits best."))
        if not call.asks_axis:
            del self.axis
        if not call.asks_category or not self._categories:
            del self.category

    def _offer_speakers(self: Any, person: Person, organisation: Organisation | None) -> None:
        self._organisations = [*person.organisations]
        if organisation is not None and organisation not in self._organisations:
            self._organisations.append(organisation)
        if self._organisations:
            self.organisation.choices = speakers(person, self._organisations)
        else:
            del self.organisation

    def _offer_place(self: Any, call: ProposalCall) -> None:
        if not call.asks_place:
            self.without_place()
            return
        authority = call.phase.process.authority
        towns: Sequence[Municipality] = [town for town in authority.municipalities if not call.only_places
                                         or town.istat_code in call.only_places]
        self.offer_place(towns, places.drawing(authority.id))
        self.place_needed = call.asks_place is Asking.REQUIRED

    def _need(self: Any, name: str, asking: Asking, sentence: Any) -> None:
        if asking is Asking.REQUIRED:
            self[name].validators = [Present(sentence), *self[name].validators]
            self[name].flags.required = True

    def validate_body(self: Any, field: Any) -> None:
        """What the call has written there is no proposal yet."""
        if self._template and " ".join((field.data or "").split()) == " ".join(self._template.split()):
            raise ValidationError(_l("Write your proposal into the outline: nothing of yours is there yet."))

    def validate_place_municipality(self: Any, field: Any) -> None:
        """A place that can be, and one at all where the call asks for it."""
        super().validate_place_municipality(field)
        if self.place_needed and self.where is None:
            raise ValidationError(_l("This call asks for a place: choose a point on the map or a municipality."))

    def accepted_as_draft(self: Any) -> bool:
        """True when the form was sent and can be kept as a draft, whatever is missing."""
        for field in self:
            field.validators = [one for one in field.validators if not isinstance(one, _NEEDED)]
        self.body.validators = [Length(max=LONGEST, message=_l("Write at most 6,000 characters."))]
        self.place_needed, self._template = False, ""
        if not self.accepted():
            return False
        if not (self.title.data or self.body.data):
            self.title.errors = [*self.title.errors, _l("Write a title or some words of text, then save them.")]
            return False
        return True

    @property
    def wording(self: Any) -> Wording:
        """What was written, as the services take it."""
        return Wording(
            title=self.title.data or "", body=self.body.data or "",
            axis=self._chosen("axis", self._axes), category=self._chosen("category", self._categories),
            organisation=(spoken_for(self._organisations, self.organisation.data) if "organisation" in self
                          else self._signed),
            cost=self.cost.data if "cost" in self else self._so_far.cost, answers=fields.answers_of(self))

    def _chosen(self: Any, name: str, offered: Sequence[Any]) -> Any:
        if name not in self:
            return getattr(self._so_far, name)
        return next((one for one in offered if one.id == self[name].data), None)


class ProposalForm(ProposalFields, OnceForm):
    """A new proposal, or a new draft."""


class ProposalEditForm(ProposalFields, VersionedForm):
    """A proposal that is there already; why it is changed is asked once others have read it."""

    reason = StringField(
        _l("Why you change it"),
        [DataRequired(_l("Say in a sentence why you change it: whoever supports it reads that.")),
         Length(max=300, message=_l("Write at most 300 characters."))],
        description=_l("Everybody reads it beside the new version, and whoever supports the proposal is told."))

    def of(self: Any, proposal: Proposal, person: Person) -> None:
        """Ask what can be asked about this proposal of this author."""
        if proposal.published_at is None:
            del self.reason
        if proposal.author_id != person.id:  # in whose name it is, the first author has said
            self._signed = proposal.organisation
            if "organisation" in self:
                del self.organisation


def new_form(call: ProposalCall, person: Person) -> Any:
    """The form for a new proposal of a call, with the outline that the call has prepared."""
    form: Any = fields.form_of(ProposalForm, call)(data={"body": call.body_template})
    form.offer(call, person)
    return form


def data_of(wording: Wording) -> dict[str, Any]:
    """What was written so far, as the data of the form."""
    return {"title": wording.title, "body": wording.body, "cost": wording.cost,
            "axis": wording.axis.id if wording.axis else None,
            "category": wording.category.id if wording.category else None,
            "organisation": wording.organisation.id if wording.organisation else None,
            **fields.data_of(wording.answers)}
