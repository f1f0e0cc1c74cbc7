"""The form with which the plan office writes a rule."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp, ValidationError

from consult.core.forms import VersionedForm, choices, in_each_language, localized, one_for_each_language
from consult.reasons import words
from consult.reasons.entries import TEXTS, Entry, Family

MOST = 60
CODE = re.compile(r"[a-z][a-z0-9_]{1,23}")


@in_each_language("label", StringField, _l("In short"), required=_l("Say the rule in a few words."), most=80,
                  description=_l("As in “hidden for: insults or threats”."))
@in_each_language("text", TextAreaField, _l("The rule"), required=_l("Write the rule as everybody reads it."),
                  most=600)
@in_each_language("finding", TextAreaField, _l("What the author is told"), most=300,
                  required=_l("Say in a sentence what the author is told."))
@in_each_language("template", TextAreaField, _l("Beginning of the note"), most=600,
                  description=_l("What the moderator finds ready to complete; without it, what the author is told."))
@in_each_language("reference", StringField, _l("What it rests on"), most=200,
                  description=_l("A law or a regulation, with its article."))
class RuleForm(VersionedForm):
    """A rule of a percorso."""

    family = SelectField(_l("What it is about"), [InputRequired()], coerce=Family,
                         choices=choices((family.value, name) for family, name in words.FAMILIES.items()))
    act = SelectField(_l("What is usually done"), [InputRequired()], choices=choices(words.ACTS.items()))
    position = IntegerField(_l("Place in the list"), [
        InputRequired(_l("Write a number.")),
        NumberRange(1, MOST, _l("Write a number from 1 to %(most)s.", most=MOST))])
    used = BooleanField(_l("Moderators can give it as a reason"))

    def __init__(self, number: int, entry: Entry | None, position: int, **options: Any) -> None:
        data: dict[str, Any] = {"version": number, "position": position, "used": True}
        if entry is not None:
            data |= {"family": entry.family, "act": entry.act, "used": entry.used,
                     **one_for_each_language(**{name: getattr(entry, name) for name in TEXTS})}
        super().__init__(data=data, **options)

    def entry(self, code: str) -> Entry:
        """The rule as it was typed."""
        return Entry(code=code, family=self.family.data, act=self.act.data, used=self.used.data,
                     **{name: localized(self, name) for name in TEXTS})


class NewRuleForm(RuleForm):
    """A rule that is added, with the code that names it for good."""

    code = StringField(_l("Code"), [
        DataRequired(_l("Give it a code.")), Length(max=24),
        Regexp(CODE.pattern + "$", message=_l("Use small letters, figures and _ only, at most 24, a letter first."))],
        description=_l("For files and figures: it never changes. For example: off_season."))

    def __init__(self, number: int, taken: Sequence[str], **options: Any) -> None:
        super().__init__(number, None, len(taken) + 1, **options)
        self._taken = taken

    def validate_code(self, field: Any) -> None:
        if field.data in (*self._taken, "nuova"):
            raise ValidationError(_l("There is a rule with this code already."))
