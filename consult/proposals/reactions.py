"""What people do with proposals is found at once by whoever searches."""

from consult.core import events
from consult.proposals.models import Proposal
from consult.proposals.services import ProposalEdited, ProposalSubmitted
from consult.search import services as search

search.search_in("proposal", Proposal, title="title", body="body")


@events.on(ProposalSubmitted, ProposalEdited)
def keep_findable(event: ProposalSubmitted | ProposalEdited) -> None:
    """A proposal is found by the words that it has now."""
    search.renew([event.proposal_id])
