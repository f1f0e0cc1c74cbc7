"""Whoever leaves the site leaves the authors; whoever writes something that becomes public takes part."""

from consult.accounts.services import AccountClosed
from consult.coauthors import queries, services
from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionStateChanged
from consult.core import events
from consult.core.db import db
from consult.processes import services as processes
from consult.proposals.models import Proposal


@events.on(AccountClosed)
def leave_the_authors(event: AccountClosed) -> None:
    """What is written with others stays theirs."""
    for proposal in queries.of_person(event.person_id):
        services.remove(proposal, event.person_id)


@events.on(ContributionStateChanged)
def they_take_part(event: ContributionStateChanged) -> None:
    """The first author is noted with the text; the others are here."""
    if event.after != State.PUBLISHED.value:
        return
    proposal = db.session.get_one(Contribution, event.contribution_id)
    if isinstance(proposal, Proposal) and proposal.coauthor_count:
        for one in proposal.coauthors:
            processes.takes_part(proposal.activity, one.person)
