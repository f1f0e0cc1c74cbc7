"""Forms with which answers are read, codes are made, and quotes are chosen."""

import re
from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
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
    localized,
    one_for_each_language,
)
from consult.core.languages import Localized
from consult.core.ticking import NONE, TickingForm, with_meaning

TEXTS = ("name", "definition")
_with_texts = with_meaning(_l("Give the code a name."))


class _Texts(Form):
    @property
    def values(self) -> dict[str, Localized]:
        """The texts that were typed."""
        return {name: localized(self, name) for name in TEXTS}


@_with_texts
class CodeForm(_Texts, OnceForm):
    """A new code."""


@_with_texts
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


class ReadingForm(TickingForm[AnswerKey]):
    """A page of answers with boxes for codes: whatever is ticked of an answer makes it read."""

    NAMED = re.compile(r"codes-([0-9a-zA-Z]{1,32})-([0-9]{1,9})")
    MOST = queries.PAGE
    BOTH = _l("Of an answer either tick codes, or say that none fits: not both.")
    NOTHING = _l("Tick the codes that you find in at least one answer, or that none fits.")

    def __init__(self, page: Sequence[Read], seat: int, codes: Sequence[AnswerCode]) -> None:
        super().__init__(lambda question, number: (question, int(number)))
        self.page, self.seat = page, seat
        self.known = {code.id for code in codes}

    @property
    def seen(self) -> dict[AnswerKey, str]:
        """What each answer was when the page was made."""
        return {key: request.form.get(f"seen-{key[0]}-{key[1]}", "") for key in self.sent}

    def ticked(self, answer: Read) -> set[int]:
        """The codes whose boxes are ticked: as sent, else as kept."""
        if self.is_submitted():
            return self.found.get(answer.key, set())
        return answer.codes.get(self.seat, set())

    def none_ticked(self, answer: Read) -> bool:
        """Whether the box that says that no code fits is ticked."""
        if self.is_submitted():
            return NONE in self.sent.get(answer.key, [])
        return answer.codes.get(self.seat) == set()
