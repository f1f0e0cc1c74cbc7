"""Who may read, write and trace the plan, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, staff
from consult.core.policy import Rules, refusing
from consult.planning.models import Paragraph, Plan, PlanState, Section


def plan_of(thing: Plan | Section | Paragraph) -> Plan:
    """The plan a thing is or stands in."""
    if isinstance(thing, Paragraph):
        thing = thing.section
    return thing.plan if isinstance(thing, Section) else thing


@refusing(_l("This plan is not public yet."))
def public_plan(person: Any, thing: Plan | Section | Paragraph) -> bool:
    """Holds for the plan of a percorso that was published."""
    return plan_of(thing).process.published


@refusing(_l("This plan was adopted: its text no longer changes."))
def still_written(person: Any, thing: Plan) -> bool:
    """Holds until the plan is adopted."""
    return thing.state is not PlanState.ADOPTED


RULES: Rules = {
    "plan.read": [[public_plan], [staff]],
    "plan.edit": [[plan_office, still_written]],
    "trace.link": [[plan_office]],
}
