"""Answering a statement, and writing some."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from consult.accounts.models import Organisation, Person
from consult.comments.forms import speakers, spoken_for
from consult.core.forms import Form, OnceForm, VersionedForm, choices, chosen_id
from consult.opinions import words
from consult.opinions.models import LONGEST, Stance, Writers

SHORTEST = 12
MOST_LINES = 60


class AnswerForm(Form):
    """What somebody says to the statement on the page: the button that was pressed."""

    statement = HiddenField(validators=[DataRequired()])
    stance = HiddenField(validators=[InputRequired(_l("Choose one of the three answers."))])

    def validate_stance(self, field: HiddenField) -> None:
        """Only the three answers there are."""
        if field.data not in words.STANCE_NAMES:
            raise ValidationError(_l("Choose one of the three answers."))

    @property
    def chosen(self) -> Stance:
        return words.STANCE_NAMES[self.stance.data]

    @property
    def statement_id(self) -> int:
        """Of the statement that was on the page; 0 where it was tampered with."""
        sent = str(self.statement.data)
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


class StatementForm(OnceForm):
    """A new statement of somebody who takes part."""

    text = TextAreaField(
        _l("Your statement"),
        [DataRequired(_l("Write your statement.")),
         Length(min=SHORTEST, max=LONGEST, message=_l("Write between 12 and 280 characters."))],
        description=_l("One thought that others can agree or disagree with, in one sentence of at most 280 characters. "
                       "Say what should be, not who is to blame."))
    organisation = SelectField(_l("Who is speaking"), coerce=chosen_id)

    def __init__(self, person: Person, **values: Any) -> None:
        super().__init__(**values)
        self._person = person
        if person.organisations:
            self.organisation.choices = speakers(person, person.organisations)
        else:
            del self.organisation

    def validate_text(self, field: TextAreaField) -> None:
        """One sentence on one line."""
        field.data = " ".join((field.data or "").split())

    @property
    def chosen(self) -> Organisation | None:
        """In whose name it is written, where it is not one's own."""
        return spoken_for(self._person.organisations, self.organisation.data) if "organisation" in self else None


class SeedForm(OnceForm):
    """Statements with which the staff begins, one on each line."""

    lines = TextAreaField(
        _l("Statements"), [DataRequired(_l("Write at least one statement."))],
        description=_l("One on each line, of at most 280 characters. Ten or more, from every side of the question, "
                       "make a good beginning."))

    def validate_lines(self, field: TextAreaField) -> None:
        """Refuse what is no statement, naming the line."""
        for number, line in enumerate(self.written, 1):
            if not SHORTEST <= len(line) <= LONGEST:
                raise ValidationError(_l("Statement %(number)s has %(length)s characters: write between 12 and 280.",
                                         number=number, length=len(line)))
        if len(self.written) > MOST_LINES:
            raise ValidationError(_l("At most %(most)s statements at a time.", most=MOST_LINES))

    @property
    def written(self) -> list[str]:
        """The lines that say something."""
        return [tidied for line in (self.lines.data or "").splitlines() if (tidied := " ".join(line.split()))]


class ConversationSettingsForm(VersionedForm):
    """What only conversations have."""

    writers = SelectField(_l("Who writes statements"), [InputRequired()], coerce=Writers,
                          choices=choices((one.value, label) for one, label in words.WRITERS.items()))
    statements_each = IntegerField(
        _l("How many statements each person may write"), [InputRequired(), NumberRange(0, 50)], default=3,
        description=_l("0 for as many as they like."))
    refresh_minutes = IntegerField(
        _l("Minutes between two maps"), [InputRequired(), NumberRange(1, 1440)], default=10,
        description=_l("The map is made anew at most so often, and only when at least five more people have answered."))

    NAMES = ("writers", "statements_each", "refresh_minutes")

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {name: self[name].data for name in self.NAMES}
