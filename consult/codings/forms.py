"""Forms with which answers are read, codes are made, and quotes are chosen."""

import re
from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from consult.codings import queries
from consult.codings.asked import AnswerKey, Asked, consents
from consult.codings.models import AnswerCode
from consult.codings.queries import Read
from consult.core.forms import (
    Form,
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.core.languages import Localized

TEXTS = ("name", "definition")
NONE = "none"
"""What is ticked where none of the codes fits."""
_NAME = re.compile(r"codes-([0-9a-zA-Z]{1,32})-([0-9]{1,9})")


def _texts(form: type) -> type:
    """Give a form the fields of a code in each language."""
    named = in_each_language(
        "name", StringField, _l("Name"), required=_l("Give the code a name."), most=80,
        description=_l("In a few words, as it will stand in tables: Public transport."))
    defined = in_each_language(
        "definition", TextAreaField, _l("Definition"), most=600,
        description=_l("What belongs to it and what does not, so that two people find the same."))
    return named(defined(form))


class _Texts(Form):
    @property
    def values(self) -> dict[str, Localized]:
        """The texts that were typed."""
        return {name: localized(self, name) for name in TEXTS}


@_texts
class CodeForm(_Texts, OnceForm):
    """A new code."""


@_texts
class CodeEditForm(_Texts, VersionedForm):
    """A code that there is."""

    @classmethod
    def of(cls, code: AnswerCode) -> "CodeEditForm":
        """The form, filled in with what is saved."""
        return cls(data={**one_for_each_language(name=code.name, definition=code.definition),
                         "version": code.version})


class MergeForm(VersionedForm):
    """Of which other code one becomes part."""

    into = SelectField(_l("It becomes part of"), [InputRequired(_l("Choose a code."))], coerce=chosen_id)

    def __init__(self, code: AnswerCode, codes: Sequence[AnswerCode]) -> None:
        super().__init__(data={"version": code.version})
        self.into.choices = choices((str(one.id), one.name) for one in codes if one.id != code.id)


class ConsentForm(VersionedForm):
    """By which question people agree that their answer is published."""

    consent = SelectField(
        _l("The question that asks for consent"), [Optional()], coerce=chosen_id,
        description=_l("A question for yes or no, such as: May we publish your answer, without your name? Only answers "
                       "of those who answered yes can be quoted."))

    def __init__(self, asked: Asked) -> None:
        super().__init__(data={"consent": asked.codebook.consent_id if asked.codebook else None,
                               "version": asked.version})
        self.consent.choices = choices([("", _l("None: nothing is quoted")), *(
            (str(question.id), question.prompt) for question in consents(asked.survey))])


class QuoteForm(VersionedForm):
    """The words of a quote."""

    text = TextAreaField(
        _l("Quote"), [InputRequired(_l("Write what is to be quoted.")), Length(max=4000)],
        description=_l("Word for word as it was written. You may leave passages out: write […] in their place. Leave "
                       "out whatever tells who wrote it: names, addresses, jobs."))
    with_place = BooleanField(_l("Say the municipality"))


class ReadingForm(Form):
    """A page of answers with boxes for codes: whatever is ticked of an answer makes it read."""

    def __init__(self, page: Sequence[Read], seat: int, codes: Sequence[AnswerCode]) -> None:
        super().__init__()
        self.page, self.seat = page, seat
        self.known = {code.id for code in codes}
        self.faulty: set[AnswerKey] = set()

    @property
    def found(self) -> dict[AnswerKey, set[int]]:
        """By answer: the codes that were ticked, none where none fits. What has no tick is not there."""
        return {key: {int(value) for value in values if value != NONE and value.isdigit() and len(value) < 10}
                for key, values in _ticked().items()}

    @property
    def seen(self) -> dict[AnswerKey, str]:
        """What each answer was when the page was made."""
        return {key: request.form.get(f"seen-{key[0]}-{key[1]}", "") for key in _ticked()}

    def ticked(self, answer: Read) -> set[int]:
        """The codes whose boxes are ticked: as sent, else as kept."""
        if self.is_submitted():
            return self.found.get(answer.key, set())
        return answer.codes.get(self.seat, set())

    def none_ticked(self, answer: Read) -> bool:
        """Whether the box that says that no code fits is ticked."""
        if self.is_submitted():
            return NONE in _ticked().get(answer.key, [])
        return answer.codes.get(self.seat) == set()

    def validate(self, extra_validators: object = None) -> bool:
        sound = super().validate(extra_validators)
        self.faulty = {key for key, values in _ticked().items() if NONE in values and len(set(values)) > 1}
        if self.faulty:
            self.form_errors.append(_l("Of an answer either tick codes, or say that none fits: not both."))
        elif not _ticked():
            self.form_errors.append(_l("Tick the codes that you find in at least one answer, or that none fits."))
        return sound and not self.form_errors


def _ticked() -> dict[AnswerKey, list[str]]:
    found: dict[AnswerKey, list[str]] = {}
    for name in request.form:
        written = _NAME.fullmatch(name)
        if written and len(found) < queries.PAGE:
            found[written[1], int(written[2])] = request.form.getlist(name)
    return found
