"""The form with which a moderator decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.core.forms import CheckboxesField, Form, VersionedForm, choices
from consult.moderation import acts, matters, services, words
from consult.moderation.acts import Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act

MOST = 50


class DecisionForm(VersionedForm):
    """Offers what can be decided now; what could be decided when the page was opened is understood too."""

    decision = RadioField(_l("Decision"), [InputRequired(_l("Choose what you decide."))], validate_choice=False)
    reason = SelectField(
        _l("Reason"), [Optional()], validate_choice=False,
        description=_l("Needed to hide. Readers see it in place of the text, the author gets it by e-mail."))
    note = TextAreaField(
        _l("Note to the author"), [Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("What exactly is the matter, and what could be changed. Sent with the decision."))

    def __init__(self, matter: Matter | None, **options: Any) -> None:
        super().__init__(**options)
        self._matter = matter
        self._process_id = matter.process_id if matter else None
        self.offered: tuple[Act, ...] = ()
        self.rules: list[tuple[str, words.Rule]] = []
        if not self.is_submitted():
            self.version.data = str(services.mark(matter) if matter else 0)

    def offer(self) -> None:
        """Say what can be decided now, and for which reasons: asked of the database for a page, not for a decision."""
        self.offered = acts.offered(self._matter) if self._matter else ()
        self.rules = words.numbered(self._process_id)
        self.decision.choices = choices((act.value, words.ACTS[act]) for act in self.offered
                                        if not acts.rule(act).own_page)
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (reason, f"{rule.number}. {rule.label}") for reason, rule in self.rules)])

    def validate_decision(self, field: Any) -> None:
        if field.data not in {act.value for act in Act if acts.known(act) and not acts.rule(act).own_page}:
            raise ValidationError(_l("Choose what you decide."))

    def validate_reason(self, field: Any) -> None:
        act = self.decision.data  # a reason counts only for acts that have one
        asked = act in {each.value for each in Act if acts.known(each)} and acts.rule(Act(act)).reasoned
        if asked and field.data and field.data not in {reason for reason, _rule in words.numbered(self._process_id)}:
            raise ValidationError(_l("Choose one of the reasons offered."))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        rule = acts.rule(Act(self.decision.data)) if sound else None
        if rule is not None and rule.reasoned and not self.reason.data:
            self.reason.errors = [_l("To hide a text, choose the reason: the author and the readers are told.")]
            return False
        if rule is not None and len((self.note.data or "").strip()) < rule.least:
            self.note.errors = [_l("Say in a sentence what is the matter, at least %(number)s characters: the author "
                                   "must be able to understand and to answer.", number=rule.least)]
            return False
        return sound

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        return Order(act=Act(self.decision.data), reason=self.reason.data or None, note=self.note.data or "")


class ViewForm(Form):
    """A name for what the queue is narrowed to."""

    name = StringField(_l("Name of the view"), [
        InputRequired(_l("Give it a name.")), DataRequired(_l("Give it a name.")),
        Length(max=60, message=_l("The name is too long: at most 60 characters."))])


class BulkForm(DecisionForm):
    """One decision with its reason and note on several things at once, each as it stood when it was chosen."""

    chosen = CheckboxesField(_l("Chosen"), validate_choice=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(None, **options)
        self.matters = matters.find(self.marks) if self.chosen.data else {}

    def offer_for(self, shown: Sequence[Matter], latest: Mapping[int, int]) -> None:
        """Say what can be decided of things of which some will be chosen, and for which reasons of their percorsi.

        `latest` are the numbers of the versions of the rules of percorsi that have their own.
        """
        lists = words.lists_of({one.process_id for one in shown}, latest)
        self._show(acts.of_any({one.source for one in shown}), lists, any_of_them=True)

    def offer(self) -> None:
        """Say what can be decided of all that was chosen and stands as it did, and for which reasons they share."""
        fresh = [one for subject, one in self.matters.items() if services.mark(one) == self.marks[subject]]
        lists = words.lists_of({one.process_id for one in self.matters.values()})
        self._show(acts.of_all(fresh), lists, any_of_them=False)

    def _show(self, offered: Sequence[Act], lists: Sequence[Mapping[str, words.Rule]], *, any_of_them: bool) -> None:
        chosen = [act for act in Act if act.value == self.decision.data and act not in offered]
        self.decision.choices = choices((act.value, words.ACTS[act]) for act in (*offered, *chosen) if acts.plain(act))
        codes = dict.fromkeys(code for rules in lists for code in rules)
        shared = {code for code in codes if any_of_them or all(code in rules for rules in lists)}
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (code, f"{rule.number}. {rule.label}" if len(lists) == 1 else rule.label)
            for code in codes if code in shared for rule in [next(each[code] for each in lists if code in each)])])

    def validate_decision(self, field: Any) -> None:
        if field.data not in {act.value for act in Act if acts.plain(act)}:
            raise ValidationError(_l("Choose what you decide."))

    def validate_reason(self, field: Any) -> None:
        act = next((act for act in Act if act.value == self.decision.data), None)
        known = {code for rules in words.lists_of({one.process_id for one in self.matters.values()}) for code in rules}
        if act is not None and acts.plain(act) and acts.rule(act).reasoned and field.data and field.data not in known:
            raise ValidationError(_l("Choose one of the reasons offered."))

    def validate_chosen(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_l("Choose at least one row."))
        if len(field.data) > MOST:
            raise ValidationError(_l("Choose at most %(most)s rows.", most=MOST))

    @property
    def marks(self) -> dict[str, int]:
        """What was chosen, each with the mark it had on the page: `contribution:12` and 3 for `contribution:12@3`."""
        found = {}
        for each in dict.fromkeys(self.chosen.data or ()):
            subject, _at, mark = each.partition("@")
            found[subject] = int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 9 else -1
        return found
