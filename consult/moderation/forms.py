"""The form with which a moderator decides."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from consult.contributions.models import Contribution
from consult.core.forms import VersionedForm, choices
from consult.moderation import services, words
from consult.moderation.models import Act, Reason


class DecisionForm(VersionedForm):
    """Offers what can be decided now; what could be decided when the page was opened is understood too."""

    decision = RadioField(_l("Decision"), [InputRequired(_l("Choose what you decide."))], validate_choice=False)
    reason = SelectField(
        _l("Reason"), [Optional()], validate_choice=False,
        description=_l("Needed to hide. Readers see it in place of the text, the author gets it by e-mail."))
    note = TextAreaField(
        _l("Note to the author"), [Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("What exactly is the matter, and what could be changed. Sent with the decision."))

    def __init__(self, contribution: Contribution, **options: Any) -> None:
        super().__init__(data={"version": services.mark(contribution)}, **options)
        self.decision.choices = choices((act.value, words.ACTS[act]) for act in services.acts(contribution))
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (reason.value, f"{rule.number}. {rule.label}") for reason, rule in words.numbered())])

    def validate_decision(self, field: Any) -> None:
        if field.data not in {act.value for act in Act}:
            raise ValidationError(_l("Choose what you decide."))

    def validate_reason(self, field: Any) -> None:
        if field.data and field.data not in {reason.value for reason in Reason}:
            raise ValidationError(_l("Choose one of the reasons offered."))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.decision.data == Act.HIDE.value and not self.reason.data:
            self.reason.errors = [_l("To hide a text, choose the reason: the author and the readers are told.")]
            return False
        return sound

    @property
    def act(self) -> Act:
        """The act chosen, once the form is accepted."""
        return Act(self.decision.data)

    @property
    def ground(self) -> Reason | None:
        """The reason chosen, once the form is accepted."""
        return Reason(self.reason.data) if self.reason.data else None
