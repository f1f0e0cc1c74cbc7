"""Opening a topic, and closing it with what came of it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from consult.accounts.models import Organisation, Person
from consult.comments.forms import speakers, spoken_for
from consult.core.forms import Form, OnceForm, VersionedForm, chosen_id
from consult.discussions.services import UnknownCommentsError


class _Wording(Form):
    """What a topic says."""

    title = StringField(
        _l("Topic"), [InputRequired(_l("Give the topic a title.")), DataRequired(_l("Give the topic a title.")),
                      Length(max=150)],
        description=_l("Say in one line what is to be discussed, best as a question."))
    body = TextAreaField(
        _l("What it is about"), [DataRequired(_l("Say what it is about.")),
                                 Length(min=20, max=6000, message=_l("Write between 20 and 6,000 characters."))],
        description=_l("What is known, what is open, and what you would like to hear from others."))


class TopicForm(_Wording, OnceForm):
    """A new topic; what its author cannot choose is not asked."""

    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)
    columns = BooleanField(_l("Comments in two columns, for and against"),
                           description=_l("Good for questions that one answers with yes or no."))

    def __init__(self, person: Person, *, leads: bool, **values: Any) -> None:
        super().__init__(**values)
        self._person = person
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation
        if not leads:
            del self.columns

    @property
    def chosen(self) -> Organisation | None:
        """In whose name the topic is opened, where it is not one's own."""
        return spoken_for(self._person.organisations, self.organisation.data) if "organisation" in self else None


class TopicEditForm(_Wording, VersionedForm):
    """Changes what a topic says."""


class SummaryForm(VersionedForm):
    """What came of a topic."""

    summary = TextAreaField(
        _l("What came of it"), [DataRequired(_l("Write what came of it.")),
                                Length(min=40, max=8000, message=_l("Write between 40 and 8,000 characters."))],
        description=_l("What people agree on, what they do not, and what follows. Name the comments it rests on by "
                       "their code, as in ROV-C-0012: each becomes a link. Markdown can be used."))

    def refuse(self, fault: UnknownCommentsError) -> None:
        """Say which codes lead nowhere."""
        self.summary.errors = [*self.summary.errors, _l(
            "These are not public comments on this topic: %(codes)s. Put the codes right.",
            codes=", ".join(fault.codes))]
