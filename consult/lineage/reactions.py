"""What follows from merging, splitting and undoing, once that is kept."""

from consult.core import events, jobs
from consult.lineage import mails, queries, services


@events.on(services.ProposalsMerged, services.ProposalSplit)
def tell(event: services.ProposalsMerged | services.ProposalSplit) -> None:
    """Supporters are asked, authors and followers told: behind the request, for they may be thousands."""
    if not queries.told_later(event.derivation_id):
        jobs.after_commit(mails.tell_those_concerned, event.derivation_id)


@events.on(services.DerivationUndone)
def tell_of_undoing(event: services.DerivationUndone) -> None:
    """Whoever was told hears that all is as it was."""
    if event.told:
        jobs.after_commit(mails.tell_of_undoing, event.derivation_id, event.original_ids)
