"""Saying what becomes of a proposal, and recording what was decided."""

from datetime import date
from typing import ClassVar, cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from consult.core.forms import VersionedForm
from consult.results.models import Verdict
from consult.results.services import SHORTEST_REASONS
from consult.results.words import MEANINGS, VERDICTS

LONGEST_REASONS = 4000


def _verdicts(verdicts: list[Verdict]) -> list[tuple[str, str]]:
    return [(verdict.value, f"{VERDICTS[verdict]}. {MEANINGS[verdict]}") for verdict in verdicts]


class DayField(DateField):
    """A day of the calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        try:
            self.data = date.fromisoformat(valuelist[0].strip()) if valuelist else None
        except ValueError:
            raise ValueError(_l("Choose a day, such as 31/12/2026.")) from None


class OutcomeForm(VersionedForm):
    """What is proposed to become of a proposal."""

    verdict = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])
    reasons = TextAreaField(
        _l("Reasons"),
        [DataRequired(_l("Give the reasons.")),
         Length(min=SHORTEST_REASONS, max=LONGEST_REASONS,
                message=_l("Give the reasons in a sentence at least, in %(max)d characters at most."))],
        description=_l("What was weighed, and why this came out. Everybody can read it; the author is told by mail."))
    on = DayField(_l("Day"), [InputRequired(_l("Choose the day."))])

    verdicts: ClassVar = list(Verdict)

    def offer(self) -> None:
        """Set the choices, in the language of the page."""
        self.verdict.choices = _verdicts(self.verdicts)

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)

    @property
    def day(self) -> date:
        return cast(date, self.on.data)


class DecisionForm(OutcomeForm):
    """What the deciding body decided of a proposal."""

    decided_by = StringField(
        _l("Who decided, and with which act"),
        [DataRequired(_l("Say which body decided, and with which act.")), Length(max=160)],
        description=_l("Such as: Council of the Union, resolution no. 12 of 2026."))

    verdicts: ClassVar = [verdict for verdict in Verdict if verdict is not Verdict.UNDER_REVIEW]
