"""When and for whom activities are open."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, staff
from consult.core.policy import Reason, Rules, anyone, refusing
from consult.processes import audience
from consult.processes.models import Activity, Phase, Process


def activity_of(thing: Any) -> Activity:
    """The activity a thing is or belongs to."""
    found: Activity = thing if isinstance(thing, Activity) else thing.activity
    return found


def _why_closed(person: Any, thing: Any) -> Reason:
    return activity_of(thing).takes().reason


@refusing(_why_closed)
def activity_open(person: Any, thing: Any) -> bool:
    """Holds while the activity takes contributions."""
    return bool(activity_of(thing).takes())


def _why_not_invited(person: Any, thing: Any) -> Reason:
    return audience.refusal(person, activity_of(thing)) or _l("You are not allowed to do this.")


@refusing(_why_not_invited, sign_in_helps=True)
def invited(person: Any, thing: Any) -> bool:
    """Holds for whoever belongs to the audience of the activity."""
    return audience.refusal(person, activity_of(thing)) is None


def _why_nobody(person: Any, thing: Any) -> Reason:
    return audience.why_nobody(person, activity_of(thing))


@refusing(_why_nobody, sign_in_helps=True)
def somebody(person: Any, thing: Any) -> bool:
    """Holds for whoever has signed in, and for whoever brings a code where one is enough."""
    return audience.somebody(person, activity_of(thing))


@refusing(_l("This is not public yet."))
def is_public(person: Any, thing: Any) -> bool:
    """Holds for a process or an activity that was published, and for a phase of such a process."""
    if isinstance(thing, Process):
        return thing.published
    if isinstance(thing, Phase):
        return thing.process.published
    activity = activity_of(thing)
    return activity.published and activity.phase.process.published


RULES: Rules = {
    "page.read": [[anyone]],
    "process.read": [[is_public], [staff]],
    "activity.read": [[is_public], [staff]],
    "activity.manage": [[plan_office]],
    "process.manage": [[plan_office]],
}
