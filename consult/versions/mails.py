"""What supporters hear when the text that they supported changes."""

from consult.contributions import telling
from consult.core import jobs
from consult.core.db import db
from consult.proposals.models import Proposal
from consult.versions import queries

AT_ONCE = 200
"""People told in one transaction."""


@jobs.task
def tell_supporters(contribution_id: int, version: int) -> None:
    """Tell whoever supports an earlier version that there is a new one, each once for each version.

    Some at a time, each kept before the next; nothing where the text is not public at this time, or has changed once
    more: then they are told of that.
    """
    after = 0
    while (proposal := db.session.get(Proposal, contribution_id)) is not None:
        if not proposal.public or proposal.version != version:
            return
        people = queries.supporters_of_earlier(proposal, after=after, most=AT_ONCE)
        if not people:
            return
        versions = queries.of(proposal)
        since = {person.id: queries.standing_at(versions, supported).number for person, supported in people}
        telling.tell([person for person, _version in people], "text_changed", key=f"revised-{proposal.id}-{version}",
                     of=lambda person, since=since: {"since": since[person.id]},  # type: ignore[misc]
                     proposal=proposal, versions=versions, name="")
        after = people[-1][0].id
        jobs.keep()
