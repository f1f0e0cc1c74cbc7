"""Warning and suspending authors."""

from dataclasses import dataclass
from datetime import timedelta

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import StaleVersionError, db, insert, rows_touched
from consult.moderation import claims
from consult.moderation.acts import SENTENCE, Order, RefusedError, UnreasonedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act
from consult.sanctions import queries
from consult.sanctions.models import ALONE, LONGEST, Suspension
from consult.sanctions.proposed import Proposed
from consult.sanctions.words import ALREADY, ANSWERED, FOUR_EYES, PROPOSED_ALREADY


@dataclass(frozen=True, kw_only=True)
class SuspensionProposed(events.Event):
    """Somebody wants an author suspended for longer than a week: another person answers."""

    suspension_id: int


@dataclass(frozen=True, kw_only=True)
class SuspensionDismissed(events.Event):
    """Another person does not confirm it."""

    suspension_id: int


def warning(matter: Matter, *, reason: str | None, note: str) -> Order:
    """The order to warn the author of a text."""
    return Order(act=Act.WARN, reason=reason, note=note, details={"person": matter.author_id})


def suspending(matter: Matter, *, days: int, reason: str | None, note: str, suspension: int | None = None) -> Order:
    """The order to suspend the author of a text for so many days from now; beyond a week with what was proposed."""
    details = {"person": matter.author_id, "days": days, "until": (clock.now() + timedelta(days=days)).isoformat()}
    if suspension is not None:
        details["suspension"] = suspension
    return Order(act=Act.SUSPEND, reason=reason, note=note, details=details)


def propose(matter: Matter, person: Person, *, days: int, reason: str, note: str) -> Suspension:
    """Propose a suspension beyond a week. Raises RefusedError where there is one, or a proposal, already."""
    if not ALONE < days <= LONGEST or matter.author is None:
        raise ValueError(days)
    if matter.author.suspended:
        raise RefusedError(str(ALREADY))
    row = insert(Suspension).values(
        person_id=matter.author_id, subject=matter.subject, process_id=matter.process_id,
        activity_id=matter.activity_id, proposer_id=person.id, days=days, reason=reason, note=note,
        proposed_at=clock.now())
    if not rows_touched(row.on_conflict_do_nothing()):
        raise RefusedError(str(PROPOSED_ALREADY))
    suspension = queries.awaiting(matter.author.id)
    assert suspension is not None  # noqa: S101 - it was just written
    events.record(SuspensionProposed(actor_id=person.id, suspension_id=suspension.id))
    return suspension


def order(matter: Proposed) -> Order:
    """What is done once somebody confirms."""
    wanted = matter.thing
    return suspending(matter.about, days=wanted.days, reason=wanted.reason, note=wanted.note, suspension=wanted.id)


def take_over(matter: Proposed) -> None:
    """Whoever proposed it leaves the text to whoever answers, though they may have it in hand still."""
    claims.give_back(matter.about.subject, matter.thing.proposer)


def dismiss(matter: Proposed, person: Person, *, why: str) -> None:
    """Answer that it is not confirmed, and why: whoever proposed it is told.

    Raises UnreasonedError without a sentence, StaleVersionError where somebody was faster, RefusedError for one's own.
    """
    if len(why.strip()) < SENTENCE:
        raise UnreasonedError("dismiss")
    matter.hold()
    wanted = matter.thing
    if not wanted.open:
        raise StaleVersionError(str(ANSWERED))
    if wanted.proposer_id == person.id:
        raise RefusedError(str(FOUR_EYES))
    wanted.confirmer_id, wanted.settled_at, wanted.dismissal = person.id, clock.now(), why.strip()
    db.session.flush()
    events.record(SuspensionDismissed(actor_id=person.id, suspension_id=wanted.id))
