"""Deciding on what people wrote: one decision at a time, with its reason, never changed afterwards."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, Flag, State
from consult.core import clock, events
from consult.core.db import StaleVersionError, db, insert
from consult.moderation.models import Act, Decision, DecisionCount, Reason

ACTS: dict[State, tuple[Act, ...]] = {
    State.PENDING: (Act.APPROVE, Act.HIDE),
    State.PUBLISHED: (Act.KEEP, Act.HIDE),
    State.HIDDEN: (Act.RESTORE,),
}
"""What can be decided of a contribution in each state; of drafts and of what was withdrawn, nothing."""

LEADS_TO: dict[Act, State] = {Act.APPROVE: State.PUBLISHED, Act.HIDE: State.HIDDEN, Act.RESTORE: State.PUBLISHED}


@dataclass(frozen=True, kw_only=True)
class Decided(events.Event):
    """A moderator decided; `reported` where readers had asked for it."""

    decision_id: int
    contribution_id: int
    act: str
    reason: str
    reported: bool


class UnreasonedError(ValueError):
    """Hiding needs a reason."""


def acts(contribution: Contribution) -> tuple[Act, ...]:
    """What can be decided of a contribution as it stands; leaving public only what somebody reported."""
    found = ACTS.get(contribution.state, ())
    return found if contribution.flag_count else tuple(act for act in found if act is not Act.KEEP)


def mark(contribution: Contribution) -> int:
    """A number that grows with every change of the text and every decision: what a moderator's page was about."""
    decided = sa.select(sa.func.count()).select_from(Decision).where(Decision.contribution_id == contribution.id)
    return contribution.version + (db.session.scalar(decided) or 0)


def decide(contribution: Contribution, moderator: Person, *, act: Act, reason: Reason | None = None, note: str = "",
           seen: int) -> Decision:
    """Decide on a contribution as it stood at the mark seen, and settle its flags.

    A reason counts only for hiding. Raises StaleVersionError where the text or its state is no longer the one seen,
    be it that the author changed it or that another moderator decided, and UnreasonedError for hiding without a
    reason; nothing is changed then.
    """
    if act is Act.HIDE and reason is None:
        raise UnreasonedError(act.value)
    db.session.refresh(contribution, ["version", "state", "flag_count"], with_for_update=True)
    if mark(contribution) != seen or act not in acts(contribution):
        raise StaleVersionError(seen)
    decision = Decision(contribution=contribution, moderator=moderator, act=act, version_seen=contribution.version,
                        reason=reason if act is Act.HIDE else None, note=note)
    db.session.add(decision)
    reported = _settle_flags(contribution)
    if act in LEADS_TO:
        contributions.change_state(contribution, LEADS_TO[act], moderator)
    db.session.flush()
    _count(decision)
    events.record(Decided(
        actor_id=moderator.id, decision_id=decision.id, contribution_id=contribution.id, act=act.value,
        reason=decision.reason.value if decision.reason else "", reported=reported))
    return decision


def _settle_flags(contribution: Contribution) -> bool:
    """Every report is answered by the decision; answers whether there was any."""
    reported = contribution.flag_count > 0
    contribution.flag_count = 0
    db.session.execute(sa.update(Flag).where(Flag.contribution_id == contribution.id, Flag.decided_at.is_(None))
                       .values(decided_at=clock.now()))
    return reported


def _count(decision: Decision) -> None:
    row = insert(DecisionCount).values(
        act=decision.act, reason=decision.reason.value if decision.reason else "", count=1)
    db.session.execute(row.on_conflict_do_update(
        index_elements=["act", "reason"], set_={"count": DecisionCount.count + 1}))
