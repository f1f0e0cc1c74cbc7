"""What follows from a report, and from the decision that answers it, in the same transaction."""

from consult.accounts.models import Person
from consult.contributions.services import ContributionFlagged
from consult.core import clock, events
from consult.core.db import db
from consult.flagging import mails, queries, services
from consult.flagging.queries import Report
from consult.flagging.services import ReporterLimited, ReporterWarned
from consult.moderation import contributed, matters, reported
from consult.moderation.models import Decision, Origin
from consult.moderation.reported import MatterFlagged
from consult.moderation.services import Decided, TakenBack


@events.on(ContributionFlagged)
def give_receipt(event: ContributionFlagged) -> None:
    """Whoever reports something has it in writing, and whoever is limited has spent the day's report."""
    _received(event.actor_id, f"contribution:{event.contribution_id}")


@events.on(MatterFlagged)
def give_receipt_as_well(event: MatterFlagged) -> None:
    """The same for what is no contribution."""
    _received(event.actor_id, event.subject)


def _received(person_id: int | None, subject: str) -> None:
    person, matter = db.session.get(Person, person_id), matters.matter(subject)
    flag = reported.flag_by(matter, person) if person and matter else None
    if person is not None and flag is not None:
        mails.receipt(Report(flag, matter), person)
        services.spend(person)


@events.on(Decided)
def answer(event: Decided) -> None:
    """Whoever reported it reads what was decided; where a review decides otherwise, their reports are weighed anew."""
    decision = db.session.get(Decision, event.decision_id)
    if decision is None:
        return
    if event.reported:
        answered, matter = queries.answered_by(decision), contributed.decided_on(decision)
        for flag, person, _tally in answered:
            mails.answer(Report(flag, matter, decision), person, decision)
        services.weigh_by({person: tally for _flag, person, tally in answered}, decision.decided_at)
    elif decision.origin is Origin.APPEALED:
        services.weigh(queries.who_reported(decision), decision.decided_at)


@events.on(TakenBack)
def weigh_anew(event: TakenBack) -> None:
    """What was taken back counts for nobody."""
    undone = db.session.get(Decision, event.undone_id)
    if undone is not None:
        services.weigh(queries.who_reported(undone), clock.now())


@events.on(ReporterWarned)
def tell_of_warning(event: ReporterWarned) -> None:
    """They read it by mail too."""
    mails.warning(db.session.get_one(Person, event.person_id))


@events.on(ReporterLimited)
def tell_of_limit(event: ReporterLimited) -> None:
    """They read it by mail too."""
    mails.limit(db.session.get_one(Person, event.person_id))
