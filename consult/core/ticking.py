"""Reading a page of texts and ticking what one finds in each; and what it means that can be ticked."""

import re
from collections.abc import Callable, Hashable
from typing import ClassVar, Generic, TypeVar

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from consult.core.forms import Form, in_each_language

NONE = "none"
"""What is ticked where nothing of what there is fits."""
Key = TypeVar("Key", bound=Hashable)


class TickingForm(Form, Generic[Key]):
    """A page of texts with boxes: whatever is ticked of a text makes it read. What has no tick is not there.

    Boxes are named by the pattern, whose groups tell the text; each sends the id of what was found, or that nothing
    fits.
    """

    NAMED: ClassVar[re.Pattern[str]]
    MOST: ClassVar[int]
    """Texts of a page; more are not looked at."""
    BOTH: ClassVar[LazyString]
    """Said where something is ticked of a text, and that nothing fits as well."""
    NOTHING: ClassVar[LazyString]
    """Said where nothing is ticked of any text."""

    def __init__(self, key: Callable[..., Key]) -> None:
        """`key` says of the groups of a name which text they tell."""
        super().__init__()
        self._key = key
        self.faulty: set[Key] = set()

    @property
    def found(self) -> dict[Key, set[int]]:
        """By text: what was ticked, nothing where nothing fits."""
        return {key: {int(value) for value in values if value != NONE and value.isdigit() and len(value) < 10}
                for key, values in self.sent.items()}

    @property
    def sent(self) -> dict[Key, list[str]]:
        """By text: what its boxes sent."""
        sent: dict[Key, list[str]] = {}
        for name in request.form:
            written = self.NAMED.fullmatch(name)
            if written and len(sent) < self.MOST:
                sent[self._key(*written.groups())] = request.form.getlist(name)
        return sent

    def validate(self, extra_validators: object = None) -> bool:
        sound = super().validate(extra_validators)
        sent = self.sent
        self.faulty = {key for key, values in sent.items() if NONE in values and len(set(values)) > 1}
        if self.faulty:
            self.form_errors.append(self.BOTH)
        elif not sent:
            self.form_errors.append(self.NOTHING)
        return sound and not self.form_errors


def with_meaning(required: LazyString) -> Callable[[type], type]:
    """Give a form the name and the definition, in each language, of something that is ticked."""
    named = in_each_language(
        "name", StringField, _l("Name"), required=required, most=80,
        description=_l("In a few words, as it will stand in tables: Public transport."))
    defined = in_each_language(
        "definition", TextAreaField, _l("Definition"), most=600,
        description=_l("What belongs to it and what does not, so that two people find the same."))
    return lambda form: named(defined(form))
