"""Whoever speaks for an organisation hears when a text changes that it stands behind."""

from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionRevised, ContributionStateChanged
from consult.core import events, jobs
from consult.core.db import db
from consult.cosponsors import mails
from consult.proposals.models import Proposal


@events.on(ContributionRevised, ContributionStateChanged)
def tell(event: ContributionRevised | ContributionStateChanged) -> None:
    """At once, or once a moderator has read it."""
    if isinstance(event, ContributionStateChanged) and event.after != State.PUBLISHED.value:
        return
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if isinstance(contribution, Proposal) and contribution.public and contribution.endorsement_count:
        jobs.after_commit(mails.tell_speakers, contribution.id, contribution.version)
