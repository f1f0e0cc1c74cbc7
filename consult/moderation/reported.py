"""What readers report of whatever lies, or can lie, before the moderators."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Flag, FlagReason
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched
from consult.core.statements import among, made_once
from consult.moderation.contributed import HARMFUL
from consult.moderation.matters import Matter


@dataclass(frozen=True, kw_only=True)
class MatterFlagged(events.Event):
    """A reader asks the moderators to look at something that is no contribution."""

    subject: str
    reason: str


class Reportable(Matter):
    """What readers can report though it is no contribution."""

    reportable = True

    @property
    def reported(self) -> bool:
        return db.session.scalar(sa.select(Flag.id).where(
            Flag.subject == self.subject, Flag.decided_at.is_(None)).limit(1)) is not None

    def settle_flags(self) -> None:
        db.session.execute(sa.update(Flag).where(Flag.subject == self.subject, Flag.decided_at.is_(None))
                           .values(decided_at=clock.now()))

    def reopen_flags(self, since: datetime) -> None:
        db.session.execute(sa.update(Flag).where(Flag.subject == self.subject, Flag.decided_at >= since)
                           .values(decided_at=None))

    def flagged_by(self, person: Person) -> bool:
        return db.session.scalar(sa.select(Flag.id).where(
            Flag.subject == self.subject, Flag.person_id == person.id)) is not None


def flag(matter: Matter, person: Person, *, reason: FlagReason, note: str) -> bool:
    """Ask the moderators to look at something; a second report by the same person changes nothing.

    Answers whether it was new.
    """
    row = insert(Flag).values(subject=matter.subject, person_id=person.id, reason=reason, note=note)
    if not rows_touched(row.on_conflict_do_nothing(index_elements=["subject", "person_id"])):
        return False
    events.record(MatterFlagged(actor_id=person.id, subject=matter.subject, reason=reason.value))
    return True


def flag_by(matter: Matter, person: Person) -> Flag | None:
    """What a person reported of something."""
    return db.session.scalar(sa.select(Flag).where(about(matter), Flag.person_id == person.id))


def about(matter: Matter) -> sa.ColumnElement[bool]:
    """Holds for the reports of something."""
    if matter.contribution_id is not None:
        return Flag.contribution_id == matter.contribution_id
    return Flag.subject == matter.reported_as


def standing(subject: Any) -> sa.ColumnElement[bool]:
    """Holds while readers have reported what has this name and nobody has decided."""
    return sa.exists().where(Flag.subject == subject, Flag.decided_at.is_(None))


def waiting(source: str, *, harmful: bool) -> Any:
    """Which things of a source readers have reported and nobody has decided: `number`, and `since` when.

    What does harm apart from what can wait.
    """
    number = sa.cast(sa.func.substr(Flag.subject, len(source) + 2), sa.Integer)
    does_harm = sa.func.max(sa.case((Flag.reason.in_(HARMFUL), 1), else_=0)) == (1 if harmful else 0)
    return (sa.select(number.label("number"), sa.func.min(Flag.created_at).label("since"))
            .where(Flag.decided_at.is_(None), Flag.subject > "", Flag.subject.startswith(f"{source}:"))
            .group_by(Flag.subject).having(does_harm).subquery())


def counted(names: Iterable[str], person: Person) -> Iterator[tuple[str, FlagReason, int, bool]]:
    """How often each of these was reported for what and nobody has decided, and whether the person did too."""
    own = "contribution:"
    ids = [int(name.removeprefix(own)) for name in names if name.startswith(own)]
    others = [name for name in names if not name.startswith(own)]
    for asked, which in ((_of_contributions, ids), (_of_others, others)):
        for name, reason, number, by_me in db.session.execute(
                asked(), {"which": which, "me": person.id}) if which else ():
            yield f"{own}{name}" if which is ids else name, reason, number, bool(by_me)


@made_once
def _of_contributions() -> sa.Select[Any]:
    return _counted(Flag.contribution_id, among(Flag.contribution_id, "which"))


@cache
def _of_others() -> sa.Select[Any]:
    return _counted(Flag.subject, Flag.subject.in_(sa.bindparam("which", expanding=True)))


def _counted(named: Any, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    mine = sa.func.max(sa.case((Flag.person_id == sa.bindparam("me"), 1), else_=0))
    return (sa.select(named, Flag.reason, sa.func.count(), mine).where(which, Flag.decided_at.is_(None))
            .group_by(named, Flag.reason))
