"""Who tells what was done of what people said, and who closes a phase."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.core.policy import Rules, refusing
from consult.processes.models import Activity, Axis, Phase
from consult.restitution import queries
from consult.restitution.services import NOT_OVER


@refusing(_l("The activity is still under way: what came of it is told once it has ended."))
def activity_ended(person: Any, thing: Activity | Axis) -> bool:
    """Holds for an activity that has ended, and for every axis."""
    return isinstance(thing, Axis) or thing.over()


@refusing(NOT_OVER)
def phase_over(person: Any, thing: Phase) -> bool:
    """Holds once the time of the phase has passed, whether or not anything has run since."""
    return thing.past()


@refusing(_l("This phase was closed already."))
def phase_not_closed(person: Any, thing: Phase) -> bool:
    """Holds until the phase is closed."""
    return queries.closing_of(thing) is None


RULES: Rules = {
    "restitution.write": [[plan_office, activity_ended]],
    "phase.close": [[plan_office, phase_over, phase_not_closed]],
}
