"""Who may have documents made and read them, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.planning.policy import public_plan
from consult.publishing.models import DocumentState, PlanDocument


@refusing(_l("This document has not been made."))
def ready(person: Any, thing: PlanDocument) -> bool:
    """Holds for a document that can be downloaded."""
    return thing.state is DocumentState.READY


@refusing(_l("This plan is not public yet."))
def of_public_plan(person: Any, thing: PlanDocument) -> bool:
    """Holds for a document of the plan of a percorso that was published."""
    return public_plan(person, thing.plan)


RULES: Rules = {
    "document.read": [[ready, of_public_plan], [ready, plan_office]],
    "document.make": [[plan_office]],
}
