"""Whoever leaves the site leaves the authors; the others go on."""

from consult.accounts.services import AccountClosed
from consult.coauthors import queries, services
from consult.core import events


@events.on(AccountClosed)
def leave_the_authors(event: AccountClosed) -> None:
    """What is written with others stays theirs."""
    for proposal in queries.of_person(event.person_id):
        services.remove(proposal, event.person_id)
