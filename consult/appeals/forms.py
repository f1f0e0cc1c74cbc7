"""The forms with which a review is asked for, and answered."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from consult.appeals.appealed import Appealed
from consult.core.forms import OnceForm, VersionedForm, choices
from consult.moderation import services, words
from consult.moderation.acts import SENTENCE, Order
from consult.moderation.models import Act

SHORT = _l("Say it in a sentence or two, at least %(number)s characters.", number=SENTENCE)


class AskForm(OnceForm):
    """Words are needed, and nothing else."""

    words = TextAreaField(
        _l("Why should it be decided otherwise?"),
        [InputRequired(SHORT), Length(min=SENTENCE, message=SHORT),
         Length(max=3000, message=_l("That is too long: at most 3000 characters."))],
        description=_l("In your own words. Whoever reviews the decision reads them together with the text."))


class ReviewForm(VersionedForm):
    """The decision stands or not; the answer is written either way."""

    decision = RadioField(_l("Decision"), [InputRequired(_l("Choose what you decide."))], choices=choices([
        (Act.OVERTURN.value, _l("The objection is right: the decision is changed")),
        (Act.CONFIRM.value, _l("The decision stands"))]))
    reason = SelectField(_l("Reason"), validate_choice=False,
                         description=_l("Only to hide what the first decision left public."))
    note = TextAreaField(
        _l("Answer"), [InputRequired(SHORT), Length(min=SENTENCE, message=SHORT),
                       Length(max=1000, message=_l("That is too long: at most 1000 characters."))],
        description=_l("To whoever asked: what you looked at, and why you decide so. Sent by e-mail."))

    def __init__(self, review: Appealed, **options: Any) -> None:
        super().__init__(data={"version": services.mark(review)}, **options)
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (reason, f"{rule.number}. {rule.label}") for reason, rule in words.numbered(review.process_id))])
        if review.thing.decision.act is not Act.KEEP:
            del self.reason

    def validate_reason(self, field: Any) -> None:
        if self.decision.data == Act.OVERTURN.value and words.rule(field.data) is None:
            raise ValidationError(_l("To hide a text, choose the reason: the author and the readers are told."))

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        return Order(act=Act(self.decision.data), note=self.note.data or "",
                     reason=(self.reason.data or None) if self.reason else None)
