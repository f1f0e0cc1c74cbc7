"""Speaking about a passage, and finding a place for what has none."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from consult.accounts.models import Organisation, Person
from consult.comments.forms import speakers, spoken_for
from consult.core import richtext
from consult.core.forms import OnceForm, choices, chosen_id
from consult.remarks import passages
from consult.remarks.models import Wish
from consult.remarks.passages import Chosen, NotThereError, SeveralTimesError
from consult.remarks.words import WISHES

ALL, WORDS = "tutto", "parole"


class RemarkForm(OnceForm):
    """Which words are meant, what is wished, and why."""

    passage = RadioField(_l("Which words do you mean?"), [InputRequired(_l("Choose the words you mean."))])
    words = TextAreaField(_l("The exact words"), [Optional(), Length(max=2000)], description=_l(
        "Only if you chose “other words”: copy them from the paragraph, or select them there with finger or mouse."))
    wish = RadioField(_l("What do you propose?"), [InputRequired(_l("Choose what you propose."))])
    wording = TextAreaField(
        _l("Your words"), [Optional(), Length(max=3000, message=_l("Write at most 3,000 characters."))],
        description=_l("Only if you replace or add: the words as they should be."))
    body = TextAreaField(
        _l("Why"), [DataRequired(_l("Say why: everybody reads it, and the plan office answers.")),
                    Length(min=10, max=4000, message=_l("Write between 10 and 4,000 characters."))])
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)

    def offer(self: Any, person: Person, text: str) -> None:
        """Set the choices: all of the paragraph, one of its sentences, or other words of it."""
        self._person, self._text = person, text
        self._sentences = passages.sentences(text)
        several = self._sentences if len(self._sentences) > 1 else []
        self.passage.choices = choices([
            (ALL, _l("The whole paragraph")),
            *((str(number), text[one.starts_at:one.ends_at]) for number, one in enumerate(several)),
            (WORDS, _l("Other words, which I write below"))])
        self.wish.choices = choices((wish.value, words[1]) for wish, words in WISHES.items())
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation

    def validate_wording(self: Any, field: Any) -> None:
        """Words are needed where some are to be put in."""
        if self.wish.data in (Wish.REPLACE.value, Wish.INSERT.value):
            field.data = richtext.plain(field.data or "")
            if not field.data:
                raise ValidationError(_l("Write the words as they should be."))

    def validate_words(self: Any, field: Any) -> None:
        """They must stand in the paragraph, once."""
        if self.passage.data != WORDS:
            return
        try:
            passages.found(self._text, field.data or "")
        except NotThereError:
            raise ValidationError(_l("These words are not in the paragraph: copy them as they stand there.")) from None
        except SeveralTimesError:
            raise ValidationError(_l("These words stand there more than once: take some more before or after "
                                     "them.")) from None

    def validate(self: Any, extra_validators: Any = None) -> bool:
        """Fields that may be left empty are looked at, too: it depends on what was chosen."""
        sound = super().validate(extra_validators)
        for field in (self.words, self.wording):
            if not field.errors and not field.data:
                try:
                    getattr(self, f"validate_{field.name}")(field)
                except ValidationError as fault:
                    field.errors, sound = [fault.args[0]], False
        return bool(sound)

    @property
    def chosen(self: Any) -> Chosen:
        """The words that are meant."""
        if self.passage.data == WORDS:
            return passages.found(self._text, self.words.data)
        if self.passage.data == ALL:
            return Chosen(0, len(self._text), whole=True)
        chosen: Chosen = self._sentences[int(self.passage.data)]
        return chosen

    @property
    def said(self: Any) -> dict[str, Any]:
        """What was written, as `services.write` takes it."""
        return {"wish": Wish(self.wish.data), "wording": self.wording.data or "", "body": self.body.data,
                "organisation": self._speaker}

    @property
    def _speaker(self: Any) -> Organisation | None:
        return spoken_for(self._person.organisations, self.organisation.data) if "organisation" in self else None


class PlaceForm(OnceForm):
    """The paragraph in which an orphan belongs."""

    paragraph = SelectField(_l("Paragraph"), [InputRequired(_l("Choose the paragraph."))], coerce=int)

    def offer(self, paragraphs: Iterable[tuple[int, str]]) -> None:
        """Set the choices, in the order of the text."""
        self.paragraph.choices = choices((str(id), words) for id, words in paragraphs)
