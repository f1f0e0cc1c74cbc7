"""Who proposes amendments, reads, supports and takes them back, and who answers them."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, not_suspended
from consult.amendments.models import Amendment
from consult.contributions.policy import author, not_author, published, sent_in, standing
from consult.core.policy import Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public
from consult.proposals.models import Proposal, ProposalCall
from consult.proposals.policy import unreplaced, unsettled
from consult.voting.policy import not_own, supports_open


@refusing(_l("Amendments are not taken in this call. You can say in a comment what you would change."))
def amendments_taken(person: Any, thing: Proposal | Amendment) -> bool:
    """Holds where the call takes amendments."""
    return isinstance(thing.activity, ProposalCall) and thing.activity.takes_amendments


@refusing(_l("The proposal is not public at the moment."))
def on_something_public(person: Any, thing: Amendment) -> bool:
    """Holds while everybody can read the proposal."""
    return thing.proposal.public


@refusing(_l("Only the authors of the proposal answer amendments."))
def author_of_the_proposal(person: Any, thing: Amendment) -> bool:
    """Holds for whoever wrote the proposal, alone or with others."""
    return thing.proposal.written_by(person)


@refusing(_l("This amendment was accepted or declined already."))
def unanswered(person: Any, thing: Amendment) -> bool:
    """Holds until the authors have answered."""
    return thing.answer is None


@refusing(_l("An outcome was given to the proposal: its text stays as it was judged."))
def on_something_unsettled(person: Any, thing: Amendment) -> bool:
    """Holds while the proposal can still change."""
    return not thing.proposal.settled


RULES: Rules = {
    "amendment.propose": [[published, amendments_taken, unreplaced, unsettled, activity_open, signed_in, invited,
                           not_author, not_suspended]],
    "amendment.read": [[published, on_something_public, is_public], [author], [sent_in, moderator],
                       [published, author_of_the_proposal]],
    "amendment.accept": [[published, on_something_public, signed_in, author_of_the_proposal, unanswered,
                          on_something_unsettled, unreplaced, activity_open]],
    "amendment.decline": [[published, on_something_public, signed_in, author_of_the_proposal, unanswered]],
    "amendment.withdraw": [[signed_in, author, standing, unanswered]],
    "amendment.support": [[published, on_something_public, unanswered, unreplaced, activity_open, supports_open,
                           signed_in, invited, not_own]],
    "amendment.unsupport": [[published, unanswered, activity_open, signed_in]],
}
