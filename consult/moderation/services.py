"""Deciding on what people wrote: one decision at a time, with its reason, in a record that is only added to."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.contributions.models import Contribution
from consult.contributions.queries import MODERATORS
from consult.core import clock, events, outbox
from consult.core.db import StaleVersionError, db, insert, table
from consult.core.statements import made_once
from consult.moderation import acts, asked, claims, contributed, queries, record
from consult.moderation.acts import Order, UnreasonedError
from consult.moderation.asked import Standing
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, DecisionCount, Origin
from consult.moderation.words import STANDARD
from consult.reasons import queries as reasons

UNDOING = timedelta(seconds=15)
"""How long a decision can be taken back by whoever made it: until then no message of it leaves."""


@dataclass(frozen=True, kw_only=True)
class Decided(events.Event):
    """Somebody decided; `reported` where readers had asked for it."""

    decision_id: int
    contribution_id: int | None
    act: str
    reason: str
    reported: bool


@dataclass(frozen=True, kw_only=True)
class TakenBack(events.Event):
    """Whoever decided has undone it, before anybody heard of it."""

    decision_id: int
    undone_id: int


class ClaimedError(StaleVersionError):
    """Somebody else has it in hand."""


class TooLateError(StaleVersionError):
    """The decision can no longer be taken back: its messages have left, or something else has happened since."""


def mark(thing: Matter | Contribution) -> int:
    """A number that grows with every change of the text and every decision: what a moderator's page was about."""
    matter = _matter(thing)
    return matter.version + (db.session.scalar(_decided(), {"subject": matter.subject}) or 0)


@made_once
def _decided() -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(Decision).where(Decision.subject == sa.bindparam("subject"))


def decide(thing: Matter | Contribution, moderator: Person, order: Order | None = None, *, seen: int,
           act: Act | None = None, reason: str | None = None, note: str = "",
           origin: Origin | None = None) -> Decision:
    """Decide on something as it stood at the mark seen: do it, settle its flags, keep it in the record.

    What is wanted is an `order`, or an act with its reason and note. A reason counts only for acts that have one.
    Messages leave when it can no longer be undone. Raises StaleVersionError where it is no longer as it was seen, be
    it that the author changed it or that another moderator decided, ClaimedError where somebody else has it in hand,
    UnreasonedError where a reason or note is missing, RefusedError where the act says so; nothing is changed then.
    """
    matter = _matter(thing)
    order = order or Order(act=act or Act.KEEP, reason=reason, note=note)
    rule = acts.rule(order.act)
    if (rule.reasoned and not order.reason) or len(order.note.strip()) < rule.least:
        raise UnreasonedError(order.act.value)
    matter.hold()
    standing = asked.of(matter, clock.now())
    matter.learn(standing.answers)
    if matter.version + standing.decided != seen or not rule.offered(matter):
        raise StaleVersionError(seen)
    if standing.in_hands_of not in (None, moderator.id):
        raise ClaimedError(seen)
    with _whole(order.act):
        own = standing.in_hands_of == moderator.id
        claim_id = claims.used(matter.subject, moderator, ends=rule.settles) if own else None
        decision = _written(matter, moderator, order, standing, origin=origin, claim_id=claim_id)
        _carried_out(rule, matter, decision, order, moderator)
    return decision


def _whole(act: Act) -> AbstractContextManager[Any]:
    """What is refused half-way leaves nothing, though its page is answered; what cannot be refused needs no care."""
    return nullcontext() if act in acts.CERTAIN else db.session.begin_nested()


def _carried_out(rule: acts.Rule, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
    reported = matter.reported
    with events.together(), outbox.held_back(batch(decision), until=decision.decided_at + UNDOING):
        if rule.settles and reported:
            matter.settle_flags()
        rule.carry_out(matter, decision, order, moderator)
        db.session.flush()
        _count(decision, 1)
        events.record(Decided(
            actor_id=moderator.id, decision_id=decision.id, contribution_id=matter.contribution_id,
            act=decision.act.value, reason=decision.reason or "", reported=reported))
    decision.answered = Decision.answered


def take_back(decision: Decision, thing: Matter | Contribution, moderator: Person) -> Decision:
    """Undo one's own decision within seconds: all is as it was, and no message leaves.

    Raises TooLateError later, and where something else has been decided or changed since.
    """
    matter = _matter(thing)
    matter.hold()
    latest = queries.latest(matter.subject)
    if not can_be_taken_back(decision, moderator) or latest is None or latest.id != decision.id:
        raise TooLateError(decision.id)
    if not outbox.drop(batch(decision)):
        raise TooLateError(decision.id)
    rule = acts.rule(decision.act)
    rule.take_back(matter, decision, moderator)
    if rule.settles:
        matter.reopen_flags(decision.decided_at)
    undone = _written(matter, moderator, Order(act=Act.UNDO), asked.of(matter, clock.now()), origin=decision.origin,
                      undoes_id=decision.id)
    db.session.flush()
    _count(decision, -1)
    events.record(TakenBack(actor_id=moderator.id, decision_id=undone.id, undone_id=decision.id))
    return undone


def can_be_taken_back(decision: Decision, person: Person) -> bool:
    """Whether there is still time, and it is one's own."""
    return (decision.moderator_id == person.id and decision.act is not Act.UNDO
            and clock.now() < decision.decided_at + UNDOING)


def batch(decision: Decision) -> str:
    """The name under which the messages of a decision wait."""
    return f"decision-{decision.id}"


def _matter(thing: Matter | Contribution) -> Matter:
    return contributed.of(thing) if isinstance(thing, Contribution) else thing


def _written(matter: Matter, moderator: Person, order: Order, standing: Standing, *, origin: Origin | None,
             claim_id: int | None = None, undoes_id: int | None = None) -> Decision:
    undoing = order.act is Act.UNDO
    reason = order.reason if not undoing and acts.rule(order.act).reasoned else None
    waits, since = standing.waits or (Origin.OWN, None)  # what waits for nothing a moderator saw
    decision = Decision(
        subject=matter.subject, kind=matter.kind, contribution_id=matter.contribution_id,
        process_id=matter.process_id, activity_id=matter.activity_id, moderator_id=moderator.id,
        role=_role(moderator, matter), act=order.act, reason=reason,
        rule_version=_version_of_rules(matter, standing) if reason else "", note=order.note.strip(),
        origin=origin or waits, waiting_since=since, version_seen=matter.version, snapshot=matter.snapshot(),
        details={"before": matter.state.value, **order.details}, claim_id=claim_id, undoes_id=undoes_id,
        decided_at=clock.now())
    decision.answered = standing.answers
    record.enter(decision, standing.end)
    return decision


def _version_of_rules(matter: Matter, standing: Standing) -> str:
    process_id = matter.process_id
    return reasons.named(process_id, standing.rules) if process_id is not None and standing.rules else STANDARD


def _role(person: Person, matter: Matter) -> Role:
    """In which role somebody decides: as a moderator, if they are one."""
    fitting = [grant.role for grant in person.active_grants if grant.process_id in (None, matter.process_id)]
    return next((role for role in (Role.MODERATOR, *MODERATORS, *fitting) if role in fitting), Role.MODERATOR)


def _count(decision: Decision, by: int) -> None:
    db.session.execute(_counting(), {"act": decision.act, "reason": decision.reason or "", "count": by})


@made_once
def _counting() -> Any:
    own = table(DecisionCount)
    row = insert(own)
    return row.on_conflict_do_update(index_elements=["act", "reason"],
                                     set_={"count": own.c.count + row.excluded.count})
