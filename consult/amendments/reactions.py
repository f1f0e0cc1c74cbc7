"""The authors of a proposal hear of amendments to it; whoever proposed or supports one hears the answer."""

from consult.amendments import mails
from consult.amendments.models import Amendment
from consult.amendments.services import AmendmentAccepted, AmendmentDeclined, AmendmentProposed
from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionStateChanged
from consult.core import events, jobs
from consult.core.db import db


@events.on(AmendmentProposed)
def tell_authors(event: AmendmentProposed) -> None:
    """At once, where no moderator reads it first."""
    amendment = db.session.get_one(Amendment, event.amendment_id)
    if amendment.public:
        mails.tell_authors(amendment)


@events.on(ContributionStateChanged)
def tell_authors_once_read(event: ContributionStateChanged) -> None:
    """Once a moderator has read it."""
    if (event.before, event.after) != (State.PENDING.value, State.PUBLISHED.value):
        return
    amendment = db.session.get_one(Contribution, event.contribution_id)
    if isinstance(amendment, Amendment) and amendment.answer is None and amendment.public:
        mails.tell_authors(amendment)


@events.on(AmendmentAccepted, AmendmentDeclined)
def tell_of_the_answer(event: AmendmentAccepted | AmendmentDeclined) -> None:
    """Behind the request: they may be many."""
    jobs.after_commit(mails.tell_of_the_answer, event.amendment_id)
