"""Who may have documents made and read them, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.publishing import kinds
from consult.publishing.models import DocumentState, MadeDocument


@refusing(_l("This document has not been made."))
def ready(person: Any, thing: MadeDocument) -> bool:
    """Holds for a document that can be downloaded."""
    return thing.state is DocumentState.READY


@refusing(_l("This document is for the plan office."))
def told_to_everyone(person: Any, thing: MadeDocument) -> bool:
    """Holds for a document of a kind that everyone may read."""
    kind = kinds.called(thing.kind)
    return kind is not None and kind.public


@refusing(_l("This is not public yet."))
def of_public_process(person: Any, thing: MadeDocument) -> bool:
    """Holds for a document of a percorso that was published."""
    return thing.process.published


RULES: Rules = {
    "document.read": [[ready, told_to_everyone, of_public_process], [ready, plan_office]],
    "document.make": [[plan_office]],
    "document.dress": [[plan_office]],
}
