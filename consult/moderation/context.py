"""What a moderator should know before deciding: facts about earlier texts of the author, and similar decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consult.contributions.models import Contribution, Flag, State
from consult.core import clock
from consult.core.db import db
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision

BACK = timedelta(days=365)
"""How far a moderator looks back at what somebody wrote: what is older says little about today."""
TAKING_AWAY = (Act.HIDE, Act.REVISE, Act.REDACT)
GIVING_BACK = (Act.RESTORE, Act.UNCOVER, Act.OVERTURN)
SIMILAR = 3


@dataclass(frozen=True)
class History:
    """What became of an author's texts of the last year: facts, and no score."""

    public: int
    waiting: int
    taken_away: Sequence[tuple[str, int]]
    """For each reason, how many times."""
    given_back: int
    """Decisions that another one reversed."""


@dataclass(frozen=True)
class Similar:
    """An earlier decision, and what came after it if anything did."""

    decision: Decision
    then: Act | None


def history(matter: Matter) -> History | None:
    """What became of the other texts of the author; none for what no contributor wrote."""
    if matter.contribution_id is None or matter.author_id is None:
        return None
    since = clock.now() - BACK
    own = (Contribution.author_id == matter.author_id, Contribution.id != matter.contribution_id)
    states = {row[0]: row[1] for row in db.session.execute(
        sa.select(Contribution.state, sa.func.count()).where(
            *own, Contribution.created_at >= since, Contribution.state.in_((State.PUBLISHED, State.PENDING)))
        .group_by(Contribution.state))}
    decided = db.session.execute(
        sa.select(Decision.act, Decision.reason, sa.func.count())
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .where(*own, Decision.decided_at >= since, Decision.act.in_((*TAKING_AWAY, *GIVING_BACK)), _stands())
        .group_by(Decision.act, Decision.reason)).all()
    taken: dict[str, int] = {}
    for act, reason, number in decided:
        if act in TAKING_AWAY:
            taken[reason or ""] = taken.get(reason or "", 0) + number
    return History(states.get(State.PUBLISHED, 0), states.get(State.PENDING, 0), sorted(taken.items()),
                   sum(number for act, _reason, number in decided if act in GIVING_BACK))


def similar(matter: Matter, flags: Sequence[Flag]) -> list[Similar]:
    """The latest decisions in the same percorso for what readers report here; else in the same activity.

    None for what no contributor wrote.
    """
    if matter.contribution_id is None:
        return []
    reasons = {flag.reason.value for flag in flags if flag.decided_at is None}
    which = (sa.and_(Decision.process_id == matter.process_id, Decision.reason.in_(reasons)) if reasons
             else sa.and_(Decision.activity_id == matter.activity_id, Decision.kind == matter.kind))
    later = aliased(Decision)
    then = (sa.select(later.act).where(later.subject == Decision.subject, later.id > Decision.id)
            .order_by(later.id.desc()).limit(1).correlate(Decision).scalar_subquery())
    found = db.session.execute(
        sa.select(Decision, then).where(which, Decision.subject != matter.subject, Decision.act != Act.UNDO, _stands())
        .options(joinedload(Decision.contribution)).order_by(Decision.id.desc()).limit(SIMILAR))
    return [Similar(decision, act) for decision, act in found]


def _stands() -> sa.ColumnElement[bool]:
    """The condition that nobody took a decision back."""
    undone = aliased(Decision)
    return ~sa.select(undone.id).where(undone.undoes_id == Decision.id).exists()
