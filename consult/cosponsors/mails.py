"""What those hear who speak for an organisation that stands behind a text which changes."""

from consult.contributions import telling
from consult.core import jobs
from consult.core.db import db
from consult.cosponsors import queries
from consult.proposals.models import Proposal
from consult.versions import queries as versions


@jobs.task
def tell_speakers(contribution_id: int, version: int) -> None:
    """Tell them once for each organisation and version; nothing where the text is not public, or changed once more."""
    proposal = db.session.get(Proposal, contribution_id)
    if proposal is None or not proposal.public or proposal.version != version:
        return
    every = versions.of(proposal)
    for person, endorsement in queries.speakers_behind(proposal):
        telling.tell([person], "text_changed", key=f"endorsed-{endorsement.id}-{version}", proposal=proposal,
                     versions=every, since=versions.standing_at(every, endorsement.version).number,
                     name=endorsement.organisation.name)
