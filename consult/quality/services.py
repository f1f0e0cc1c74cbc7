"""Drawing the decisions that are read a second time."""

import hashlib

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db, insert
from consult.moderation.models import Act, Decision
from consult.quality.models import Draw, SecondReading

ONE_IN = 20
DRAWN = frozenset({Act.APPROVE, Act.KEEP, Act.HIDE, Act.RESTORE, Act.REVISE, Act.REDACT, Act.MOVE, Act.DUPLICATE,
                   Act.SPLIT, Act.LOCK})
"""Acts on a text about which two people can be of one mind or not."""


def drawn(seed: str, digest: str) -> bool:
    """Whether the lot falls on a decision: one in twenty, and whoever knows the seed of the month can check it."""
    return int(hashlib.sha256(f"{seed}:{digest}".encode()).hexdigest(), 16) % ONE_IN == 0


def draw(decision: Decision, seed: str | None = None) -> SecondReading | None:
    """Let the lot decide whether somebody else reads a decision; `seed` is that of its month, where it is known."""
    if decision.act not in DRAWN:
        return None
    if not drawn(seed or seed_of(f"{clock.local(decision.decided_at):%Y-%m}"), decision.digest):
        return None
    reading = SecondReading(decision_id=decision.id, decider_id=decision.moderator_id)
    db.session.add(reading)
    db.session.flush()
    return reading


def seed_of(month: str) -> str:
    """The seed of a month, made when it is first asked for."""
    asked = sa.select(Draw.seed).where(Draw.month == month)
    seed = db.session.scalar(asked)
    if seed is None:
        db.session.execute(insert(Draw).values(month=month).on_conflict_do_nothing())
        seed = db.session.scalars(asked).one()
    return seed


def drop(decision_id: int) -> None:
    """What was taken back is read by nobody."""
    db.session.execute(sa.delete(SecondReading).where(
        SecondReading.decision_id == decision_id, SecondReading.read_at.is_(None)))
