"""Forms with which minutes are written, sent round, corrected, approved and put right."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from consult.accounts.models import Organisation
from consult.core.forms import OnceForm, VersionedForm, choices, chosen_id
from consult.meetings.forms import Refusing


class MinutesForm(VersionedForm):
    """What was said and agreed."""

    body = TextAreaField(_l("Minutes"), [DataRequired(_l("Write what was said and agreed.")), Length(max=20_000)],
                         description=_l("Point by point: what was said, on what there is agreement, on what there is "
                                        "not, and what follows. Name organisations, never people. Markdown can be "
                                        "used."))


class HarmlessForm(Refusing, VersionedForm):
    """Something that waits until nothing in the minutes tells who somebody is."""

    harmless = BooleanField(_l("I looked at each of these words: none is the name of a person"))

    def offer(self, *, names: bool) -> None:
        """Ask about names only where something looks like one."""
        if not names and "harmless" in self:
            del self.harmless

    @property
    def looked_at(self) -> bool:
        """Whether somebody says that what looks like names is none."""
        return "harmless" in self and bool(self.harmless.data)


class CorrectionForm(OnceForm):
    """What somebody who sits at the table would have the minutes say otherwise."""

    organisation = SelectField(_l("Who is speaking"), [Optional()], coerce=chosen_id)
    text = TextAreaField(_l("Correction"), [
        DataRequired(_l("Say what the minutes should say otherwise.")),
        Length(min=10, max=3000, message=_l("Write between 10 and 3,000 characters."))],
        description=_l("Quote the words as they stand, and write how they should read."))

    def __init__(self, organisations: Sequence[Organisation], *, oneself: bool, **options: Any) -> None:
        super().__init__(**options)
        if not organisations:
            del self.organisation
            return
        first = [("", _l("Myself"))] if oneself else []
        self.organisation.choices = choices([*first, *((str(one.id), one.name) for one in organisations)])

    @property
    def chosen(self) -> int | None:
        """The organisation that speaks, if it is one."""
        return self.organisation.data if "organisation" in self else None


class AnswerForm(VersionedForm):
    """Whether the minutes follow a correction, and why."""

    taken = RadioField(_l("What becomes of it"), [InputRequired(_l("Say what becomes of it."))], choices=choices([
        ("yes", _l("The minutes follow it")), ("no", _l("The minutes stay as they are"))]))
    answer = TextAreaField(_l("Answer"), [DataRequired(_l("Answer whoever sent it.")), Length(max=1000)])


class NoteForm(Refusing, OnceForm):
    """What is put right below approved minutes."""

    text = TextAreaField(_l("Note"), [DataRequired(_l("Write the note.")), Length(min=10, max=3000)], description=_l(
        "It stands below the minutes with the day of today, and cannot be changed. Markdown can be used."))
    harmless = BooleanField(_l("I looked at each of these words: none is the name of a person"))
