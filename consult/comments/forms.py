"""Writing a comment."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.accounts.models import Organisation, Person
from consult.comments import queries, quoting
from consult.comments.models import Comment, Stance
from consult.contributions.models import Thread
from consult.core.forms import Form, OnceForm, VersionedForm, choices, chosen_id

STANCES = {Stance.FAVOURABLE: _l("In favour"), Stance.NEUTRAL: _l("Neutral"), Stance.AGAINST: _l("Against"),
           Stance.QUESTION: _l("A question")}

WHY = _l("Say why: everyone reads it.")
BODY = [
    DataRequired(_l("Write your comment.")),
    Length(max=3000, message=_l("Write at most 3,000 characters: say the rest in a second comment.")),
]


class CommentForm(OnceForm):
    """A comment of somebody in a thread; what they cannot choose is not asked."""

    quote = TextAreaField(
        _l("Passage you answer"), [Length(max=quoting.MOST, message=_l("Quote at most 400 characters."))],
        description=_l("Copy words of the comment here, or leave it empty. They will stand above your reply."))
    body = TextAreaField(_l("Your comment"), BODY, description=_l(
        "Up to 3,000 characters. With @ and the name you call somebody who has spoken in this discussion."))
    stance = SelectField(
        _l("Your position"), default="",
        choices=choices([("", _l("I prefer not to say")),
                         *((stance.value, words) for stance, words in STANCES.items())]))
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)
    official = BooleanField(_l("This is the reply of the authority"))
    about = HiddenField(_l("Reply"), [Optional()])

    def __init__(self, thread: Thread, person: Person, *, official: bool = False, replied_to: Comment | None = None,
                 **values: Any) -> None:
        super().__init__(**values)
        self._thread, self._person = thread, person
        self._replied_to = replied_to
        if replied_to is None:
            del self.quote
        if thread.columns and replied_to is None:
            self.stance.description = _l("It says in which column your comment stands.")
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation
        if not official:
            del self.official

    def validate_quote(self, field: TextAreaField) -> None:
        """Refuse to put words into somebody's mouth."""
        field.data = quoting.passage(field.data or "")
        if field.data and self._replied_to and not quoting.says(self._replied_to.body_html, field.data):
            raise ValidationError(_l("These words are not in the comment. Copy them as they stand there, or leave "
                                     "this empty."))

    def validate_about(self, field: HiddenField) -> None:
        """Find what is replied to, where it is not said by the address."""
        if self._replied_to is not None:
            return
        self._replied_to = queries.open_to_replies(self._thread, field.data)
        if self._replied_to is None:
            field.data = ""
            raise ValidationError(_l("What you reply to is no longer here. Send this again as a comment of its own."))

    @property
    def values(self) -> dict[str, Any]:
        """What was written, as `services.post` takes it."""
        return {
            "body": self.body.data,
            "about": self._replied_to,
            "quote": self.quote.data if "quote" in self else "",
            "stance": Stance(self.stance.data) if self.stance.data else None,
            "organisation": spoken_for(self._person.organisations, self.organisation.data)
            if "organisation" in self else None,
            "official": bool("official" in self and self.official.data),
        }


class CommentEditForm(VersionedForm):
    body = TextAreaField(_l("Your comment"), BODY)


class OfficialReplyForm(OnceForm):
    """What the authority answers."""

    body = TextAreaField(_l("Official reply"), BODY, description=_l(
        "Up to 3,000 characters. It stands above the discussion, is public at once, and whoever wrote or follows what "
        "is discussed is told by mail. Your name and your task stand under it."))


class LockForm(Form):
    """Why a discussion is closed."""

    reason = StringField(
        _l("Reason"), [InputRequired(WHY), DataRequired(WHY), Length(max=300)],
        description=_l("Shown in place of the form, as in: the question was answered by the council on 3 May."))


def speakers(person: Person, organisations: Sequence[Organisation]) -> list[SelectChoice]:
    """In whose name somebody may write: their own, or that of an organisation."""
    own = _l("Myself: %(name)s", name=person.shown_name)
    return choices([("", own), *((str(organisation.id), organisation.name) for organisation in organisations)])


def spoken_for(organisations: Sequence[Organisation], id: int | None) -> Organisation | None:
    """The organisation chosen among those that were offered."""
    return next((organisation for organisation in organisations if organisation.id == id), None)
