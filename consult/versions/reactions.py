"""Whoever supported a text hears when it changes, once everyone can read the new one."""

from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionRevised, ContributionStateChanged
from consult.core import events, jobs
from consult.core.db import db
from consult.versions import mails


@events.on(ContributionRevised)
def tell(event: ContributionRevised) -> None:
    """At once, where nobody reads it first."""
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if contribution.kind == "proposal" and contribution.public and contribution.support_count:
        jobs.after_commit(mails.tell_supporters, contribution.id, event.version)


@events.on(ContributionStateChanged)
def tell_once_read(event: ContributionStateChanged) -> None:
    """Where moderators read before publication, once they have."""
    if event.after != State.PUBLISHED.value:
        return
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if contribution.kind == "proposal" and contribution.version > 1 and contribution.support_count:
        jobs.after_commit(mails.tell_supporters, contribution.id, contribution.version)
