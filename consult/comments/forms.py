"""Writing a comment."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from consult.accounts.models import Organisation, Person
from consult.comments import queries
from consult.comments.models import Comment, Stance
from consult.contributions.models import Thread
from consult.core.forms import OnceForm, VersionedForm, choices, chosen_id

STANCES = {Stance.FAVOURABLE: _l("In favour"), Stance.NEUTRAL: _l("Neutral"), Stance.AGAINST: _l("Against")}

BODY = [
    DataRequired(_l("Write your comment.")),
    Length(max=3000, message=_l("Write at most 3,000 characters: say the rest in a second comment.")),
]


class CommentForm(OnceForm):
    """A comment of somebody in a thread; what they cannot choose is not asked."""

    body = TextAreaField(_l("Your comment"), BODY, description=_l("Up to 3,000 characters."))
    stance = SelectField(
        _l("Your position"), default="",
        choices=choices([("", _l("I prefer not to say")),
                         *((stance.value, words) for stance, words in STANCES.items())]))
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)
    official = BooleanField(_l("This is the reply of the authority"))
    about = HiddenField(_l("Reply"), [Optional()])

    def __init__(self, thread: Thread, person: Person, *, official: bool = False, **values: Any) -> None:
        super().__init__(**values)
        self._thread, self._person = thread, person
        self._replied_to: Comment | None = None
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation
        if not official:
            del self.official

    def validate_about(self, field: HiddenField) -> None:
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
            "stance": Stance(self.stance.data) if self.stance.data else None,
            "organisation": spoken_for(self._person.organisations, self.organisation.data)
            if "organisation" in self else None,
            "official": bool("official" in self and self.official.data),
        }


class CommentEditForm(VersionedForm):
    body = TextAreaField(_l("Your comment"), BODY)


def speakers(person: Person, organisations: Sequence[Organisation]) -> list[SelectChoice]:
    """In whose name somebody may write: their own, or that of an organisation."""
    own = _l("Myself: %(name)s", name=person.shown_name)
    return choices([("", own), *((str(organisation.id), organisation.name) for organisation in organisations)])


def spoken_for(organisations: Sequence[Organisation], id: int | None) -> Organisation | None:
    """The organisation chosen among those that were offered."""
    return next((organisation for organisation in organisations if organisation.id == id), None)
