"""What a ballot promises, kept on every page on which the office changes an activity."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.ballots import faults, queries, state
from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionStateChanged
from consult.core import clock, events
from consult.core.db import db
from consult.core.languages import Localized, everywhere
from consult.processes.models import ResultsVisible
from consult.processes.services import ActivityChanged, UnreadyError
from consult.voting import queries as voting
from consult.voting.models import Ballot, BallotOption


@events.on(ActivityChanged)
def keep_promises(event: ActivityChanged) -> None:
    """Raise UnreadyError, so that nothing is changed, where papers would come to mean something else.

    Likewise where a ballot with faults would be public.
    """
    if not db.session.scalar(sa.select(Ballot.id).where(Ballot.id == event.activity_id)):
        return
    ballot = voting.ballot(event.activity_id)
    if ballot is None:
        return
    if "published" in event.changed and not ballot.published and ballot.opens_at <= clock.now():
        raise UnreadyError("published", state.STAYS_PUBLIC)
    if state.settled(ballot):
        _keep_meaning(ballot, event.changed)
    if ballot.results_visible is ResultsVisible.LIVE:
        raise UnreadyError("results_visible", state.NEVER_LIVE)
    if "published" in event.changed and ballot.published:
        wrong = faults.faults(queries.draft(ballot))
        if wrong:
            raise UnreadyError("published", faults.unready(wrong))


@events.on(ContributionStateChanged)
def say_no_more_of_it(event: ContributionStateChanged) -> None:
    """An option that was taken from a proposal loses its words with it, as long as the ballot has not begun.

    After that they are in its log, and whoever voted has read them.
    """
    if event.after not in {State.HIDDEN.value, State.WITHDRAWN.value}:
        return
    rows = sa.select(BallotOption).join(Ballot).where(
        BallotOption.contribution_id == event.contribution_id, Ballot.fixed.is_(None))
    for option in db.session.scalars(rows).all():
        code = db.session.get_one(Contribution, event.contribution_id).code
        option.title = everywhere(_l("A proposal that is no longer public (%(code)s)", code=code))
        option.text = Localized()


def _keep_meaning(ballot: Ballot, changed: tuple[str, ...]) -> None:
    if touched := [name for name in state.MEANING if name in changed]:
        raise UnreadyError(touched[0], state.SETTLED)
    if "results_visible" in changed and ballot.results_visible is ResultsVisible.STAFF:
        raise UnreadyError("results_visible", state.PROMISED)
