"""Who may do what here, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, plan_office_or_steering, staff
from consult.contributions.models import Contribution
from consult.contributions.policy import published
from consult.core.policy import Rules, refusing
from consult.processes.models import Activity, ResultsVisible
from consult.processes.policy import is_public
from consult.results import queries


@refusing(_l("These results are for the staff."))
def for_everyone(person: Any, thing: Activity) -> bool:
    """Holds for results that are not for the staff alone."""
    return thing.results_visible is not ResultsVisible.STAFF


@refusing(_l("No outcome was proposed yet: propose one first, then record what was decided."))
def outcome_proposed(person: Any, thing: Contribution) -> bool:
    """Holds once an outcome was proposed."""
    return queries.outcome_of(thing) is not None


RULES: Rules = {
    "results.read": [[is_public, for_everyone], [staff]],
    "outcome.propose": [[published, plan_office_or_steering]],
    "outcome.decide": [[published, plan_office, outcome_proposed]],
}
