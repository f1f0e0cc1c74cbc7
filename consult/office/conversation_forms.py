"""Forms with which a map of opinions is set up."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from consult.core import richtext
from consult.core.forms import OnceForm, tidy
from consult.office.forms import NewActivityForm
from consult.opinions.forms import SHORTEST, ConversationSettingsForm
from consult.opinions.models import LONGEST, Conversation
from consult.processes.models import Process
from consult.proposals.models import Proposal


class NewConversationForm(NewActivityForm):
    """A new map of opinions."""

    writers = ConversationSettingsForm.writers
    statements_each = ConversationSettingsForm.statements_each
    refresh_minutes = ConversationSettingsForm.refresh_minutes

    def __init__(self, process: Process, **options: Any) -> None:
        super().__init__(process, **options)
        del self.openers, self.columns

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, **{name: self[name].data for name in ConversationSettingsForm.NAMES}}


def settings_of(conversation: Conversation) -> ConversationSettingsForm:
    """The form, filled in with what is saved."""
    return ConversationSettingsForm(data={"version": conversation.version, **{
        name: getattr(conversation, name) for name in ConversationSettingsForm.NAMES}})


class ShorteningForm(OnceForm):
    """Proposals to be said in short: one line for each that is offered, of which some are chosen."""

    def __init__(self, proposals: Sequence[Proposal], **options: Any) -> None:
        super().__init__(**options)
        sent = request.form if request.method == "POST" else None
        self.chosen = {one.id for one in proposals if sent is not None and sent.get(f"pick-{one.id}")}
        self.texts = {one.id: _written(sent.get(f"text-{one.id}", "")) if sent is not None else _begun(one)
                      for one in proposals}
        self.faults: dict[int, Any] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        self.faults = {id: _l("Write between 12 and 280 characters.") for id in self.chosen
                       if not SHORTEST <= len(self.texts[id]) <= LONGEST}
        if not self.chosen:
            self.form_errors.append(_l("Choose at least one proposal."))
        elif self.faults:
            self.form_errors.append(_l("Some of the chosen proposals are not said in 12 to 280 characters."))
        return sound and bool(self.chosen) and not self.faults


def _written(sent: str) -> str:
    return " ".join(str(tidy(sent)).split())[:1000]


def _begun(proposal: Proposal) -> str:
    return richtext.excerpt(proposal.title, LONGEST)
