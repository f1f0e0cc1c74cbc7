"""Decisions that can be looked at again, and what came of those that were."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, Role
from consult.appeals import appealed
from consult.appeals.appealed import Appealed
from consult.appeals.models import Appeal
from consult.contributions.queries import MODERATORS
from consult.core import clock
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.models import Act, Origin
from consult.moderation.queue import TARGETS, Waiting
from consult.statements import queries as statements
from consult.statements.queries import Statement

MONTHS = 6
PAGE = 50


@dataclass(frozen=True)
class Appealable(Statement):
    """A decision as whoever could object to it sees it, with the review that was asked for last."""

    appeal: Appeal | None = None

    @property
    def until(self) -> datetime:
        """The last moment at which a review can be asked for."""
        return months_after(self.decision.decided_at, MONTHS)

    @property
    def in_time(self) -> bool:
        return clock.now() <= self.until

    def reported_by(self, person: Any) -> bool:
        """True for whoever reported what the decision left public."""
        return (self.decision.act is Act.KEEP and bool(person.is_authenticated)
                and self.matter.flagged_by(person))

    def objected_to_by(self, person: Any) -> bool:
        """True for those who can object: whoever lost something by it, or reported what was kept."""
        return (statements.takes_away(self.decision.act) and self.concerns(person)) or self.reported_by(person)


def months_after(at: datetime, months: int) -> datetime:
    """The same day and time so many months later, or the last day of that month."""
    local = clock.local(at)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def appealable(id: int) -> Appealable | None:
    """A decision of which a review can be, or was, asked for."""
    found = statements.of_decision(id)
    if found is None or not (statements.takes_away(found.decision.act) or found.decision.act is Act.KEEP):
        return None
    return Appealable(found.decision, found.matter, appeal_of(id))


def appeal_of(decision_id: int) -> Appeal | None:
    """The review of a decision that was asked for last, with its answer."""
    return appeals_of([decision_id]).get(decision_id)


def appeals_of(decision_ids: Iterable[int]) -> dict[int, Appeal]:
    """The latest review of each of these decisions that has one; one query."""
    rows = db.session.scalars(
        sa.select(Appeal).where(Appeal.decision_id.in_(list(decision_ids))).options(joinedload(Appeal.answer))
        .order_by(Appeal.id))
    return {row.decision_id: row for row in rows}


def due(appeal: Appeal) -> datetime:
    """When a review is answered at the latest, as is promised."""
    return appeal.asked_at + TARGETS[Origin.APPEALED]


def review(id: int) -> Appealed | None:
    """One review, as it lies before whoever decides on it."""
    found = matters.matter(f"{appealed.KIND}:{id}")
    return found if isinstance(found, Appealed) else None


def before(person: Person) -> Sequence[Waiting]:
    """What this person can answer, as a moderator or for the guarantee committee, the oldest first."""
    rows = appealed.waiting().where(Appeal.decider_id != person.id, sa.or_(
        sa.and_(_within(person, MODERATORS), ~appealed.for_the_committee()),
        sa.and_(_within(person, {Role.GUARANTOR}), appealed.for_the_committee())))
    found = db.session.execute(rows.order_by(Appeal.asked_at, Appeal.id).limit(PAGE)).all()
    about = matters.find(f"{appealed.KIND}:{row.number}" for row in found)
    subjects = [(f"{appealed.KIND}:{row.number}", row.since) for row in found]
    return [Waiting(about[subject], Origin.APPEALED, since) for subject, since in subjects if subject in about]


def _within(person: Person, roles: Iterable[Role]) -> sa.ColumnElement[bool]:
    scopes = [grant.process_id for grant in person.active_grants if grant.role in roles]
    return sa.true() if None in scopes else Appeal.process_id.in_(scopes)
