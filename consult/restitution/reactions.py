"""What follows when something is published here."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import events, jobs
from consult.processes import services as processes
from consult.processes.models import Phase
from consult.restitution import mails, queries, services


@events.on(services.RestitutionPublished)
def tell(event: services.RestitutionPublished) -> None:
    """Authors and followers hear of the first edition; later ones say that they follow another."""
    if event.number == 1:
        jobs.after_commit(mails.tell, event.restitution_id)


@processes.fixed_by
def closed(phase: Phase) -> LazyString | None:
    """The days of a phase that was closed no longer move."""
    return _l("This phase was closed: its days no longer move.") if queries.closing_of(phase) else None
