"""Telling what was asked, said and done; closing a phase."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from consult.core.forms import Form, VersionedForm, in_each_language, localized, one_for_each_language
from consult.core.languages import Localized
from consult.restitution.models import Restitution
from consult.restitution.services import PARTS

LONGEST = 6000
LONGEST_REASON = 2000


@in_each_language("asked", TextAreaField, _l("What we asked"), most=LONGEST,
                  description=_l("On what people could have their say, and what could still change. In Markdown."))
@in_each_language("said", TextAreaField, _l("What you said"), most=LONGEST,
                  description=_l("What came out, also where people disagreed. The figures stand beside it by "
                                 "themselves. In Markdown."))
@in_each_language("done", TextAreaField, _l("What we did"), most=LONGEST,
                  description=_l("What enters the plan, what does not and why, and what happens next. In Markdown."))
class RestitutionForm(VersionedForm):
    """The three parts, each in every language; only the Italian one is needed, and only to publish it."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for part in PARTS:
            self[f"{part}_it"].flags.required = True  # to publish; what is saved to go on later may lack it

    @classmethod
    def of(cls, known: Restitution | None, begun: dict[str, Localized]) -> "RestitutionForm":
        """Filled in with what was saved, or with what one can begin from."""
        texts = {part: getattr(known, part) for part in PARTS} if known else begun
        return cls(data={**one_for_each_language(**texts), "version": str(known.version if known else 0)})

    @property
    def texts(self) -> dict[str, Localized]:
        return {part: localized(self, part) for part in PARTS}


class ClosingForm(Form):
    """Closing a phase; the reason is asked where something is missing."""

    reason = TextAreaField(
        _l("Why it is closed although something is missing"), [Length(max=LONGEST_REASON)],
        description=_l("In a sentence at least. It stands on the page of the phase with your name and the day."))
