"""The forms with which an author is warned or suspended, and with which another person answers."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from consult.core.forms import VersionedForm, choices
from consult.moderation import services, words
from consult.moderation.acts import SENTENCE, Order
from consult.moderation.matters import Matter
from consult.sanctions import services as sanctions
from consult.sanctions.models import LONGEST
from consult.sanctions.proposed import Proposed

SHORT = _l("Say in a sentence what is the matter, at least %(number)s characters: the author must be able to "
           "understand and to answer.", number=SENTENCE)
HOW_LONG = _l("Write a number of days from 1 to %(most)s.", most=LONGEST)
CONFIRM, DISMISS = "confirm", "dismiss"


class WarnForm(VersionedForm):
    """A reason and a sentence."""

    reason = SelectField(_l("Reason"), [InputRequired(_l("Choose the reason."))], validate_choice=False)
    note = TextAreaField(
        _l("Note to the author"), [InputRequired(SHORT), Length(min=SENTENCE, message=SHORT),
                                   Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("What exactly is the matter, and what you ask for. Sent with the decision."))

    def __init__(self, matter: Matter, **options: Any) -> None:
        super().__init__(data={"version": services.mark(matter)}, **options)
        self.matter = matter
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (reason, f"{rule.number}. {rule.label}") for reason, rule in words.numbered(matter.process_id))])

    def validate_reason(self, field: Any) -> None:
        if words.rule(field.data, self.matter.process_id) is None:
            raise ValidationError(_l("Choose one of the reasons offered."))

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        return sanctions.warning(self.matter, reason=self.reason.data, note=self.note.data or "")


class SuspendForm(WarnForm):
    """The same, with the days."""

    days = IntegerField(
        _l("For how many days"), [InputRequired(HOW_LONG), NumberRange(1, LONGEST, message=HOW_LONG)],
        description=_l("Up to 7 days you decide alone. From 8 to 180 days you propose it, and another person "
                       "confirms it or not: until then nothing happens."))

    @property
    def order(self) -> Order:
        return sanctions.suspending(self.matter, days=self.days.data or 0, reason=self.reason.data,
                                    note=self.note.data or "")


class AnswerForm(VersionedForm):
    """The suspension is confirmed as it was proposed, or not."""

    answer = RadioField(_l("Decision"), [InputRequired(_l("Choose what you decide."))], choices=choices([
        (CONFIRM, _l("I confirm it: the author is suspended from now on, and told by e-mail")),
        (DISMISS, _l("I do not confirm it: nothing happens"))]))
    why = TextAreaField(
        _l("Why you do not confirm it"),
        [Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("Needed if you do not confirm it. Read by whoever proposed it, never by the author."))

    def __init__(self, matter: Proposed, **options: Any) -> None:
        super().__init__(data={"version": services.mark(matter.about)}, **options)
        self.matter = matter

    def validate_why(self, field: Any) -> None:
        if self.answer.data == DISMISS and len((field.data or "").strip()) < SENTENCE:
            raise ValidationError(_l("Say in a sentence why, at least %(number)s characters: whoever proposed it wants "
                                     "to know.", number=SENTENCE))

    @property
    def order(self) -> Order:
        """What is done once it is confirmed."""
        return sanctions.order(self.matter)
