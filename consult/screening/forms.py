"""What the office sets of the signs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from consult.core.forms import VersionedForm, choices
from consult.screening import words
from consult.screening.models import Mode, Signal
from consult.screening.services import Setting

LONGEST, MOST = 60, 500
LISTS = ("insults", "of_people", "contacts")


class ScreeningForm(VersionedForm):
    """What follows from each sign, and the lists that they go by: one entry a line."""

    insults = TextAreaField(
        _l("Words that are insults wherever they stand"),
        description=_l("One a line, in the masculine singular: all other forms are found too. Accents, capitals and "
                       "letters put for others do not matter. A word between quotation marks is left alone, and so is "
                       "what is said of an idea or a rule."))
    of_people = TextAreaField(
        _l("Words that are insults only when said of people"),
        description=_l("One a line: found after “you are”, “they are all”, “a bunch of” and the like, or cried out."))
    contacts = TextAreaField(
        _l("Telephone numbers and e-mail addresses that everybody may write"),
        description=_l("One a line: those of the offices, of public services, of associations that want to be found."))

    def __init__(self, setting: Setting, **options: Any) -> None:
        lists = setting.lists
        super().__init__(data={
            "version": setting.version, **{signal.value: mode.value for signal, mode in setting.modes.items()},
            **{name: "\n".join(getattr(lists, name)) for name in LISTS}}, **options)

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate({name: [_entries] for name in LISTS})

    @property
    def modes(self) -> Mapping[Signal, Mode]:
        """What follows from each sign."""
        return {signal: Mode(self[signal.value].data) for signal in Signal}

    @property
    def lists(self) -> dict[str, list[str]]:
        """The entries of each list, each once, in the order of the alphabet."""
        return {name: sorted(set(_lines(self[name].data))) for name in LISTS}


for _signal in Signal:
    setattr(ScreeningForm, _signal.value, SelectField(
        words.SIGNALS[_signal], [InputRequired(_l("Choose one of the values offered."))],
        choices=choices((mode.value, words.MODES[mode]) for mode in Mode), description=words.MEANINGS[_signal]))


def _lines(text: str | None) -> list[str]:
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]


def _entries(form: ScreeningForm, field: Any) -> None:
    lines = _lines(field.data)
    if len(lines) > MOST:
        raise ValidationError(_l("At most %(most)s lines.", most=MOST))
    for line in lines:
        if len(line) > LONGEST:
            raise ValidationError(_l("“%(line)s” is too long: at most %(most)s characters.", line=line[:20],
                                     most=LONGEST))
        if field.name == "contacts":
            if "@" not in line and sum(character.isdigit() for character in line) < 3:
                raise ValidationError(_l("“%(line)s” is neither a telephone number nor an e-mail address.", line=line))
        elif not line[0].isalpha() or sum(character.isalpha() for character in line) < 3:
            raise ValidationError(_l("“%(line)s” is no word: it begins with a letter and has at least three.",
                                     line=line))
