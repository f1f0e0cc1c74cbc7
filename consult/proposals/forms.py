"""Writing a proposal."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.accounts.models import Organisation, Person
from consult.comments.forms import speakers, spoken_for
from consult.core.forms import OnceForm, VersionedForm, choices, chosen_id
from consult.places import queries as places
from consult.places.forms import PlaceFields
from consult.processes.models import Axis
from consult.proposals.models import ProposalCall
from consult.proposals.services import Wording

SHORTEST, LONGEST = 40, 6000


class ProposalFields:
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
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)

    def offer(self: Any, call: ProposalCall, person: Person, so_far: Organisation | None = None) -> None:
        """Offer the themes of the percorso, and the organisations: those of the person and the one named so far."""
        self._axes: list[Axis] = list(call.phase.process.axes)
        self._organisations = [*person.organisations]
        if so_far is not None and so_far not in self._organisations:
            self._organisations.append(so_far)
        self.axis.choices = choices([("", _l("I do not know")),
                                     *((str(axis.id), str(axis.title)) for axis in self._axes)])
        if self._organisations:
            self.organisation.choices = speakers(person, self._organisations)
        else:
            del self.organisation
        if call.asks_place:
            authority = call.phase.process.authority
            self.offer_place(authority.municipalities, places.drawing(authority.id))
        else:
            self.without_place()

    def accepted_as_draft(self: Any) -> bool:
        """True when the form was sent and can be kept as a draft: it has a title, whatever else is missing."""
        self.body.validators = [Length(max=LONGEST, message=_l("Write at most 6,000 characters."))]
        return bool(self.accepted())

    @property
    def wording(self: Any) -> Wording:
        """What was written, as the services take it."""
        return Wording(title=self.title.data, body=self.body.data or "",
                       axis=next((axis for axis in self._axes if axis.id == self.axis.data), None),
                       organisation=spoken_for(self._organisations, self.organisation.data)
                       if "organisation" in self else None)


class ProposalForm(ProposalFields, PlaceFields, OnceForm):
    """A new proposal, or a new draft."""


class ProposalEditForm(ProposalFields, PlaceFields, VersionedForm):
    """A proposal that is there already."""
