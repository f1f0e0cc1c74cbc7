"""How well and how fast is decided, over the last year."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.appeals.models import Appeal
from consult.core import clock
from consult.core.db import db
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.queue import TARGETS
from consult.quality.models import Draw, SecondReading
from consult.quality.services import DRAWN

BACK = timedelta(days=365)
LATEST = 20_000
"""So many decisions are enough to say how long they take."""


@dataclass(frozen=True)
class Share:
    """Some of all."""

    some: int
    all: int


@dataclass(frozen=True)
class Pace:
    """How many were decided, half of them within which time, and how many within the time that is promised."""

    number: int
    median: timedelta
    in_time: int


def agreement() -> dict[Act, Share]:
    """For each act, how often a second reader would have done the same."""
    rows = db.session.execute(
        sa.select(Decision.act, SecondReading.agrees, sa.func.count())
        .join(Decision, Decision.id == SecondReading.decision_id)
        .where(SecondReading.read_at >= clock.now() - BACK).group_by(Decision.act, SecondReading.agrees))
    return _shares((act, bool(agrees), number) for act, agrees, number in rows)


def waiting() -> int:
    """How many decisions were drawn and nobody has read yet."""
    return db.session.scalar(sa.select(sa.func.count()).where(SecondReading.read_at.is_(None))) or 0


def reversals() -> dict[str, Share]:
    """For each reason, how many of the answered appeals changed the decision."""
    rows = db.session.execute(
        sa.select(Decision.reason, Appeal.upheld, sa.func.count())
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Appeal.answered_at >= clock.now() - BACK).group_by(Decision.reason, Appeal.upheld))
    return _shares((reason or "", bool(upheld), number) for reason, upheld, number in rows)


def _shares(rows: Iterable[tuple[Any, bool, int]]) -> dict[Any, Share]:
    some: Counter[Any] = Counter()
    every: Counter[Any] = Counter()
    for key, counts, number in rows:
        every[key] += number
        some[key] += number if counts else 0
    return {key: Share(some[key], number) for key, number in every.items()}


def pace() -> dict[Origin, Pace]:
    """For each reason to wait, how long it took until something was decided."""
    rows = db.session.execute(
        sa.select(Decision.origin, Decision.waiting_since, Decision.decided_at)
        .where(Decision.waiting_since.is_not(None), Decision.act != Act.UNDO, _stands(),
               Decision.decided_at >= clock.now() - BACK).order_by(Decision.decided_at.desc()).limit(LATEST))
    taken: defaultdict[Origin, list[float]] = defaultdict(list)
    for origin, since, decided in rows:
        taken[origin].append((decided - (since or decided)).total_seconds())
    return {origin: Pace(len(times), timedelta(seconds=median(times)),
                         sum(time <= TARGETS[origin].total_seconds() for time in times))
            for origin, times in taken.items() if origin in TARGETS}


def load() -> list[tuple[Person, int]]:
    """How many texts each moderator decided on."""
    rows = db.session.execute(
        sa.select(Decision.moderator_id, sa.func.count()).where(
            Decision.decided_at >= clock.now() - BACK, Decision.act.in_(DRAWN), _stands())
        .group_by(Decision.moderator_id)).all()
    people = {one.id: one for one in db.session.scalars(
        sa.select(Person).where(Person.id.in_([row[0] for row in rows])))}
    return sorted(((people[row[0]], row[1]) for row in rows), key=lambda each: -each[1])


def _stands() -> sa.ColumnElement[bool]:
    """The condition that nobody took a decision back."""
    undone = aliased(Decision)
    return ~sa.select(undone.id).where(undone.undoes_id == Decision.id).exists()


def seeds() -> list[Draw]:
    """The seeds of months that are over, the latest first: with them anybody can draw again."""
    now = f"{clock.local(clock.now()):%Y-%m}"
    return list(db.session.scalars(sa.select(Draw).where(Draw.month < now).order_by(Draw.month.desc()).limit(12)))
