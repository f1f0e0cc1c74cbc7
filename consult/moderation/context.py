"""What a moderator should know before deciding: facts about earlier texts of the author, and similar decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consult.contributions.models import Contribution, Flag, State
from consult.core import clock
from consult.core.db import db
from consult.core.statements import made_once
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
    asked = {"author": matter.author_id, "id": matter.contribution_id, "since": clock.now() - BACK}
    states = {row[0]: row[1] for row in db.session.execute(_states(), asked)}
    decided = db.session.execute(_decided(), asked).all()
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
    found = db.session.execute(_similar(frozenset(reasons)), {
        "process": matter.process_id, "activity": matter.activity_id, "kind": matter.kind, "subject": matter.subject})
    return [Similar(decision, act) for decision, act in found]


SINCE = sa.bindparam("since", type_=Contribution.created_at.type)


def _others() -> tuple[sa.ColumnElement[bool], ...]:
    """Holds for the other texts of an author."""
    return Contribution.author_id == sa.bindparam("author"), Contribution.id != sa.bindparam("id")


@made_once
def _states() -> Any:
    return (sa.select(Contribution.state, sa.func.count())
            .where(*_others(), Contribution.created_at >= SINCE,
                   Contribution.state.in_((State.PUBLISHED, State.PENDING)))
            .group_by(Contribution.state))


@made_once
def _decided() -> Any:
    return (sa.select(Decision.act, Decision.reason, sa.func.count())
            .join(Contribution, Contribution.id == Decision.contribution_id)
            .where(*_others(), Decision.decided_at >= SINCE, Decision.act.in_((*TAKING_AWAY, *GIVING_BACK)), _stands())
            .group_by(Decision.act, Decision.reason))


@lru_cache(maxsize=128)
def _similar(reasons: frozenset[str]) -> Any:
    """The question for decisions of which one of these was the reason, or on the same kind of thing; made once."""
    which = (sa.and_(Decision.process_id == sa.bindparam("process"), Decision.reason.in_(reasons)) if reasons
             else sa.and_(Decision.activity_id == sa.bindparam("activity"), Decision.kind == sa.bindparam("kind")))
    later = aliased(Decision)
    then = (sa.select(later.act).where(later.subject == Decision.subject, later.id > Decision.id)
            .order_by(later.id.desc()).limit(1).correlate(Decision).scalar_subquery())
    return (sa.select(Decision, then)
            .where(which, Decision.subject != sa.bindparam("subject"), Decision.act != Act.UNDO, _stands())
            .options(joinedload(Decision.contribution)).order_by(Decision.id.desc()).limit(SIMILAR))


def _stands() -> sa.ColumnElement[bool]:
    """The condition that nobody took a decision back."""
    undone = aliased(Decision)
    return ~sa.select(undone.id).where(undone.undoes_id == Decision.id).exists()
