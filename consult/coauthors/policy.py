"""Who invites others to write a proposal together, and who may leave."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.coauthors import queries
from consult.contributions.policy import author
from consult.core.policy import Rules, refusing, signed_in
from consult.invitations.models import Invitation
from consult.processes.policy import activity_open
from consult.proposals.models import Proposal
from consult.proposals.policy import alive, unreplaced, unsettled


@refusing(_l("You are the only author: a proposal needs one. You can withdraw it instead."))
def not_the_last(person: Any, thing: Proposal) -> bool:
    """Holds where somebody else is left to answer for the text."""
    return bool(queries.others(thing, person))


@refusing(_l("You sent this proposal in for an organisation, by your mandate: you cannot leave it to others. You can "
             "withdraw it instead."))
def not_signing(person: Any, thing: Proposal) -> bool:
    """Holds for everybody but the first author of what was sent in for an organisation."""
    return thing.organisation_id is None or thing.author_id != person.id


@refusing(_l("Only an author of the proposal can do that."))
def invited_to_theirs(person: Any, thing: Invitation) -> bool:
    """Holds for the authors of what somebody was invited to write with them."""
    proposal = queries.proposal_of(thing)
    return proposal is not None and proposal.written_by(person)


RULES: Rules = {
    "coauthor.invite": [[signed_in, author, alive, unreplaced, unsettled, activity_open]],
    "coauthor.leave": [[signed_in, author, not_the_last, not_signing]],
    "coauthor.withdraw_invitation": [[signed_in, invited_to_theirs]],
}
