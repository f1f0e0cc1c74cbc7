"""The forms with which a moderator blacks out words, and brings them back."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.core.forms import CheckboxesField, VersionedForm, choices
from consult.moderation import services, words
from consult.moderation.acts import SENTENCE, Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act
from consult.redactions.models import Redaction
from consult.redactions.passages import MARK, SHORTEST, Place, around, found, marked

ALL = "all"
WHY = _l("Say in a sentence what is the matter, at least %(number)s characters: the author must be able to understand "
         "and to answer.", number=SENTENCE)


class RedactForm(VersionedForm):
    """The words, where they stand if they stand at several places, the reason and a sentence to the author."""

    passage = TextAreaField(
        _l("The passage to black out"),
        [InputRequired(_l("Copy here what is to be blacked out.")),
         DataRequired(_l("Copy here what is to be blacked out.")),
         Length(min=SHORTEST, max=2000, message=_l("Write between %(min)d and %(max)d characters."))],
        description=_l("Exactly as it stands in the text. Readers see ▇▇▇ in its place, however long it is."))
    where = RadioField(_l("Which of them"), [Optional()], validate_choice=False)
    reason = SelectField(_l("Reason"), [InputRequired(_l("Choose one of the reasons offered."))])
    note = TextAreaField(
        _l("Note to the author"),
        [InputRequired(WHY), Length(max=1000, message=_l("The note is too long: at most 1000 characters."))],
        description=_l("What exactly is the matter. Do not repeat the words themselves. Sent with the decision."))

    def __init__(self, matter: Matter) -> None:
        super().__init__(data={"version": services.mark(matter)})
        self.passages = matter.passages()
        self.places = found(self.passages, self.passage.data or "") if (self.passage.data or "").strip() else []
        self.where.choices = choices([*((place.code, self._said(place)) for place in self.places),
                                      (ALL, _l("All of them"))])
        self.reason.choices = choices([("", _l("Choose a reason")), *(
            (reason, f"{rule.number}. {rule.label}") for reason, rule in words.numbered(matter.process_id))])

    @property
    def several(self) -> bool:
        return len(self.places) > 1

    def _said(self, place: Place) -> str:
        before, said, after = around(self.passages, place)
        return " ".join(f"… {before}«{said}»{after} …".split())

    def validate_passage(self, field: Any) -> None:
        if MARK[0] in field.data:
            raise ValidationError(_l("A part of the passage is blacked out already: choose what stands before or "
                                     "after it."))
        if not self.places:
            raise ValidationError(_l("This does not stand in the text: copy the passage exactly as it is written "
                                     "there."))

    def validate_note(self, field: Any) -> None:
        if len((field.data or "").strip()) < SENTENCE:
            raise ValidationError(WHY)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.several and not self.chosen:
            self.where.errors = [_l("It stands there %(number)s times: choose which of them.",
                                    number=len(self.places))]
            return False
        return sound

    @property
    def chosen(self) -> list[Place]:
        """Where words are to be blacked out."""
        if not self.several or self.where.data == ALL:
            return self.places
        return [place for place in self.places if place.code == self.where.data]

    @property
    def preview(self) -> list[Any]:
        """The passages as readers would see them."""
        return [one for one in marked(self.passages, self.chosen) if one.text]

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        return Order(act=Act.REDACT, reason=self.reason.data, note=self.note.data or "",
                     details={"places": [[place.field, place.start, place.length] for place in self.chosen]})


class UncoverForm(VersionedForm):
    """Which of the passages can be read again, and why."""

    chosen = CheckboxesField(_l("Passages"), [InputRequired(_l("Choose at least one passage."))])
    note = StringField(_l("Why"), [Length(max=1000)])

    def __init__(self, matter: Matter, standing: Sequence[Redaction], labels: Sequence[str]) -> None:
        super().__init__(data={"version": services.mark(matter)})
        self.chosen.choices = choices((str(one.id), label) for one, label in zip(standing, labels, strict=True))

    @property
    def order(self) -> Order:
        """What is wanted, once the form is accepted."""
        return Order(act=Act.UNCOVER, note=self.note.data or "",
                     details={"redactions": sorted(map(int, self.chosen.data))})
