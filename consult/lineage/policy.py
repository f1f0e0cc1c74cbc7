"""Who may merge and split, and whose support may go along."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import plan_office
from consult.contributions.policy import published
from consult.core.policy import Rules, refusing, signed_in
from consult.lineage import queries
from consult.lineage.models import Derivation
from consult.processes.policy import activity_of, activity_open, invited, is_public
from consult.proposals.models import Proposal
from consult.proposals.policy import unreplaced
from consult.voting.policy import not_own, supports_open


@refusing(_l("The call is over and its results are fixed: its proposals stay as they are."))
def still_running(person: Any, thing: Any) -> bool:
    """Holds until the call has closed: after that nobody could say whether their support goes along."""
    return not activity_of(thing).over()


@refusing(queries.ACTED_ON)
def untouched(person: Any, thing: Derivation) -> bool:
    """Holds while nobody has acted on what was made."""
    return not queries.touched(thing)


@refusing(_l("This asks only those who supported one of the proposals it was made of. If you are for it, support it."))
def supported_an_original(person: Any, thing: Proposal) -> bool:
    """Holds for whoever supports something that the proposal was made of."""
    return queries.supported_an_original(thing, person)


RULES: Rules = {
    "proposal.merge": [[plan_office, is_public, still_running]],
    "proposal.split": [[published, plan_office, unreplaced, still_running]],
    "lineage.undo": [[plan_office, still_running, untouched]],
    "support.carry": [[published, unreplaced, activity_open, supports_open, signed_in, invited, not_own,
                       supported_an_original]],
}
