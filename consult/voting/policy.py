"""Who may do what here, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import staff
from consult.contributions.models import Contribution
from consult.contributions.policy import published
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public, somebody
from consult.proposals.models import ProposalCall
from consult.voting import queries
from consult.voting.models import Ballot


@refusing(_l("Supports are not collected here."))
def supports_open(person: Any, thing: Contribution) -> bool:
    """Holds where the call collects supports."""
    return isinstance(thing.activity, ProposalCall) and thing.activity.supports_open


@refusing(_l("You cannot support your own proposal: others decide how much support it has."))
def not_own(person: Any, thing: Contribution) -> bool:
    """Holds for everybody but the author."""
    return bool(thing.author_id != person.id)


def _why_not_in_electorate(person: Any, thing: Ballot) -> Reason:
    return _l("In this ballot only the residents of these municipalities vote: %(names)s.",
              names=", ".join(queries.electorate_names(thing)))


@refusing(_why_not_in_electorate)
def in_electorate(person: Any, thing: Ballot) -> bool:
    """Holds for residents of the municipalities that vote, where only some do."""
    voting = queries.electorate(thing)
    return not voting or person.residence_id in voting


RULES: Rules = {
    "support.give": [[published, activity_open, supports_open, signed_in, invited, not_own]],
    "support.withdraw": [[published, activity_open, supports_open, signed_in]],
    "ballot.read": [[is_public], [staff]],
    "ballot.cast": [[is_public, activity_open, somebody, invited, in_electorate]],
    "ballot.withdraw": [[is_public, activity_open, somebody]],
    "ballot.receipt": [[is_public, somebody]],
}
