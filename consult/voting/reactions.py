"""What follows from events recorded elsewhere, in the same transaction."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.coauthors.services import CoAuthorJoined
from consult.contributions.models import Contribution, State
from consult.contributions.services import ContributionReworded, ContributionStateChanged
from consult.core import charts, events, keys
from consult.core.db import db
from consult.ledger import services as ledger
from consult.ledger import voiding
from consult.processes import services as processes
from consult.processes.services import ActivityClosed, ActivityOpened
from consult.verification.codes import CodeTied
from consult.verification.services import PersonVerified
from consult.voting import box, counts, divided, queries, services, sheets
from consult.voting.models import Ballot, Secrecy, Support

charts.counted_by("ballot")(sheets.sheet)
voiding.taken_out_by(box.take_void)


@events.on(ContributionStateChanged)
def count_supports_of_what_is_public(event: ContributionStateChanged) -> None:
    """Supports of a text leave the public count with it, and come back with it."""
    public = State.PUBLISHED.value
    contribution = db.session.get_one(Contribution, event.contribution_id)
    if (event.before == public) == (event.after == public) or not contribution.support_count:
        return  # how many each municipality has is asked of the rows, which are held with the text
    by = 1 if event.after == public else -1
    for place, count in db.session.execute(divided.by_place(contribution.id)):
        processes.count(contribution.activity, "support", place, by * count)


@events.on(ContributionReworded)
def stand_by_what_is_left(event: ContributionReworded) -> None:
    """A passage blacked out by a moderator is no other proposal: who supported the text supports it still."""
    db.session.execute(sa.update(Support).where(
        Support.contribution_id == event.contribution_id, Support.version == event.version - 1)
        .values(version=event.version).execution_options(synchronize_session=False))


@events.on(CoAuthorJoined)
def nobody_supports_what_they_write(event: CoAuthorJoined) -> None:
    """Whoever becomes an author takes their support back with it."""
    services.drop_support(db.session.get_one(Contribution, event.proposal_id),
                          db.session.get_one(Person, event.person_id))


@events.on(PersonVerified, CodeTied)
def leave_one_paper_each(event: PersonVerified | CodeTied) -> None:
    """Who votes with a code and ties it to an account has one paper: that of the account, if both were cast."""
    person = db.session.get_one(Person, event.person_id)
    if len(person.identities) > 1:
        for ballot in queries.open_ballots():
            services.keep_one_paper(ballot, person)


@events.on(ActivityClosed)
def forget_whose_supports_they_were(event: ActivityClosed) -> None:
    """Nobody can support twice any more: supports of people who have left become mere numbers."""
    theirs = sa.select(Contribution.id).where(Contribution.activity_id == event.activity_id)
    left = db.session.scalars(
        sa.select(Person.id).join(Support, Support.person_id == Person.id)
        .where(Person.erased_at.is_not(None), Support.contribution_id.in_(theirs)).distinct()).all()
    for person_id in left:
        counts.anonymise_supports(person_id, Support.contribution_id.in_(theirs))


@events.on(ActivityOpened)
def begin_what_can_be_recounted(event: ActivityOpened) -> None:
    """The ledger of a ballot begins with it, and so does the order in which each finds the options."""
    ballot = db.session.get(Ballot, event.activity_id)
    if ballot is None:
        return
    services.open_log(ballot)
    if ballot.shuffled:
        keys.secret_for(ballot.id)


@events.on(ActivityClosed)
def forget_whose_papers_they_are(event: ActivityClosed) -> None:
    """Once a ballot is over its ledger closes, and with that of a secret one its key: no paper leads to anybody."""
    secrecy = db.session.scalar(sa.select(Ballot.secrecy).where(Ballot.id == event.activity_id))
    if secrecy is not None:
        ledger.close(event.activity_id)
    if secrecy is Secrecy.SECRET:
        box.put_in_order(event.activity_id)
