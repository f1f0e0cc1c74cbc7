"""Preparing activities that ask what people think of a text."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from consult.core.forms import MomentField, OnceForm, choices, in_each_language, localized
from consult.processes.models import Process
from consult.processes.services import TimetableError

Begun = TypeVar("Begun")


@in_each_language("title", StringField, _l("Title"), required=_l("Give the consultation a title."), most=200)
@in_each_language("intro", TextAreaField, _l("Introduction"), required=_l("Say what is asked of whoever reads."),
                  most=4000, description=_l("What the text is about and what you want to know. In Markdown."))
@in_each_language("negotiable", TextAreaField, _l("What can still change, and what cannot"), most=2000)
class ConsultationForm(OnceForm):
    """A new consultation on a text, in one of the phases that are not over."""

    phase = SelectField(_l("Phase"), [InputRequired(_l("Choose a phase."))], coerce=int)
    opens_at = MomentField(_l("Opens"), [InputRequired(_l("Say when it opens."))])
    closes_at = MomentField(_l("Closes"), [InputRequired(_l("Say when it closes."))],
                            description=_l("At least four weeks after the opening, if people are to have time."))

    def __init__(self, process: Process, **values: Any) -> None:
        super().__init__(**values)
        self._phases = {phase.id: phase for phase in process.phases if not phase.past()}
        self.phase.choices = choices((str(phase.id), str(phase.title)) for phase in self._phases.values())

    def begun(self, begin: Callable[..., Begun]) -> Begun | None:
        """What `begin` answers to phase, texts and times; None where nothing was sent, or a field says why it cannot.
        """
        if not self.accepted():
            return None
        texts = {name: localized(self, name) for name in ("title", "intro", "negotiable")}
        try:
            return begin(self._phases[self.phase.data], **texts, opens_at=self.opens_at.data,
                         closes_at=self.closes_at.data)
        except TimetableError as fault:
            self[fault.field].errors = [fault.sentence]
            return None
