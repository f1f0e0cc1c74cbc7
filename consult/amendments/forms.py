"""Proposing an amendment, and answering one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.accounts.models import Organisation, Person
from consult.amendments import services
from consult.amendments.services import LONGEST, LONGEST_TITLE, Text
from consult.comments.forms import speakers, spoken_for
from consult.core.forms import Form, OnceForm, VersionedForm, chosen_id

SHORTEST = 40
_WHOLE = _l("Write a text of 40 to 6,000 characters.")


class AmendmentForm(OnceForm):
    """The text as somebody would have it, whole or in one paragraph, and why."""

    base = HiddenField()
    paragraph = HiddenField()
    title = StringField(_l("Title"), [DataRequired(_l("A proposal needs a title.")), Length(max=LONGEST_TITLE)])
    body = TextAreaField(_l("Text"), [Length(max=LONGEST, message=_WHOLE)], description=_l(
        "Change, add and delete words right here: others see what differs."))
    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Say why it is better so.")),
                    Length(min=10, max=2000, message=_l("Write between 10 and 2,000 characters."))],
        description=_l("The authors decide on it, and everybody reads it."))
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)

    def offer(self: Any, person: Person, before: Text, paragraph: int | None) -> None:
        """Ask for the whole text, or only for one of its paragraphs."""
        self._person, self._before, self._paragraph = person, before, paragraph
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation
        self.body.flags.required = paragraph is None
        if paragraph is not None:
            del self.title
            self.body.label.text = _l("Paragraph %(number)s", number=paragraph + 1)
            self.body.description = _l("Change its words, or delete them all: then the paragraph goes.")

    @property
    def text(self: Any) -> Text:
        """The whole text that was written."""
        typed = self.body.data or ""
        if self._paragraph is None:
            return self.title.data or "", typed
        return self._before[0], services.with_paragraph(self._before[1], self._paragraph, typed)

    def validate_body(self: Any, field: Any) -> None:
        """Whatever is changed, a text is left."""
        if not SHORTEST <= len(self.text[1]) <= LONGEST:
            field.errors = [*field.errors, _WHOLE]

    def validate(self: Any, extra_validators: Any = None) -> bool:
        """Sound if something is changed."""
        sound = super().validate(extra_validators)
        if sound and self.text == self._before:
            self.body.errors = [_l("Nothing is changed yet: write how the text should be.")]
            return False
        return bool(sound) and not self.body.errors

    @property
    def chosen(self: Any) -> Organisation | None:
        """In whose name it is proposed, where it is not one's own."""
        return spoken_for(self._person.organisations, self.organisation.data) if "organisation" in self else None


class _Answer(Form):
    """What the authors say."""

    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Say why: whoever proposed it has a right to know.")),
                    Length(min=10, max=500, message=_l("Write between 10 and 500 characters."))],
        description=_l("Whoever proposed it, and whoever supports it, is told. Everybody reads it."))


class DeclineForm(_Answer):
    """The text stays as it is."""


class AcceptForm(_Answer, VersionedForm):
    """The text changes; where both have changed the same words, the authors write how it is to be."""

    title = StringField(_l("Title"), [DataRequired(_l("A proposal needs a title.")), Length(max=LONGEST_TITLE)])
    body = TextAreaField(
        _l("Text"), [DataRequired(_WHOLE), Length(min=SHORTEST, max=LONGEST, message=_WHOLE)],
        description=_l("It begins as the text stands now: write the amendment into it."))

    def only_reason(self: Any) -> None:
        """Ask for no text: both changes go together by themselves."""
        del self.title
        del self.body

    @property
    def by_hand(self: Any) -> Text | None:
        """The text that was written, where one was asked for."""
        return (self.title.data, self.body.data) if "body" in self else None
