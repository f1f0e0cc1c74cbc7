"""Who may do what here, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office, plan_office_or_steering, staff
from consult.contributions.models import Contribution
from consult.contributions.policy import published
from consult.core.policy import Rules, refusing
from consult.processes.models import Activity, ResultsVisible
from consult.processes.policy import is_public
from consult.proposals.models import Proposal
from consult.results import queries
from consult.results.models import OutcomeBatch


@refusing(_l("These results are for the staff."))
def for_everyone(person: Any, thing: Activity) -> bool:
    """Holds for results that are not for the staff alone."""
    return thing.results_visible is not ResultsVisible.STAFF


@refusing(_l("No outcome was proposed yet: propose one first, then record what was decided."))
def outcome_proposed(person: Any, thing: Contribution) -> bool:
    """Holds once an outcome was proposed."""
    return queries.outcome_of(thing) is not None


@refusing(_l("It was merged with other proposals or split: the outcome is given to what was made of it."))
def in_its_place(person: Any, thing: Contribution) -> bool:
    """Holds while no other proposal stands in the place of this one."""
    return not (isinstance(thing, Proposal) and thing.replaced)


@refusing(_l("Only whoever sent this file, or the plan office, can see it and record it."))
def own_batch(person: Any, thing: OutcomeBatch) -> bool:
    """Holds for whoever sent the file."""
    return bool(person.is_authenticated) and thing.sent_by_id == person.id


RULES: Rules = {
    "results.read": [[is_public, for_everyone], [staff]],
    "outcome.propose": [[published, plan_office_or_steering, in_its_place]],
    "outcome.decide": [[published, plan_office, outcome_proposed]],
    "outcome.bulk": [[plan_office_or_steering]],
    "outcome.bulk_decide": [[plan_office]],
    "outcome.batch": [[plan_office_or_steering, own_batch], [plan_office]],
    "reply.manage": [[plan_office]],
}
