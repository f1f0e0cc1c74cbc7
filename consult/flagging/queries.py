"""What people reported, and what was decided of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Flag, State
from consult.core import clock
from consult.core.db import db
from consult.core.paging import Order, Page, page
from consult.core.statements import made_once
from consult.flagging.measure import MEASURED, Tally
from consult.moderation import acts, matters
from consult.moderation.contributed import HARMFUL
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.queries import TAKING_AWAY
from consult.moderation.queue import TARGETS

PAGE = 20
NUMBERS = ("answered", "unfounded", "answered_since", "unfounded_since")
"""What a tally counts, in its order."""


@dataclass(frozen=True)
class Report:
    """One report, and the decision that answered it."""

    flag: Flag
    matter: Matter | None
    """What was reported; none where it is there no longer."""
    decision: Decision | None = None

    @property
    def due(self) -> datetime:
        """By when it is decided, as is promised."""
        return self.flag.created_at + TARGETS[Origin.GRAVE if self.flag.reason in HARMFUL else Origin.FLAGGED]

    @property
    def dropped(self) -> bool:
        """True where nothing is left to decide: the author withdrew the text."""
        return self.flag.decided_at is None and (self.matter is None or self.matter.state is State.WITHDRAWN)


def flag(id: int) -> Flag | None:
    """One report."""
    return db.session.get(Flag, id)


def report(flag: Flag) -> Report:
    """A report with its answer."""
    return _answered([flag])[0]


def reports(person: Person, *, after: str | None = None) -> Page:
    """What somebody reported, the latest first, as a page of `Report`."""
    found = page(sa.select(Flag).where(Flag.person_id == person.id), [Order(Flag.id, descending=True)], after=after,
                 size=PAGE)
    return Page(_answered(found.items), found.next)


def answered_by(decision: Decision) -> Sequence[tuple[Flag, Person, Tally]]:
    """The reports that a decision has just answered, with those who made them and how they report."""
    asked, about = ((_answered_of_contribution, decision.contribution_id) if decision.contribution_id is not None
                    else (_answered_of_other, decision.subject))
    rows = db.session.execute(asked(), {
        "about": about, "decided": decision.decided_at, "since": clock.now() - MEASURED})
    return [(flag, person, Tally(*(int(number or 0) for number in numbers))) for flag, person, *numbers in rows]


@made_once
def _answered_of_contribution() -> sa.Select[Any]:
    return _answered_now(lambda flag: flag.contribution_id == sa.bindparam("about"))


@made_once
def _answered_of_other() -> sa.Select[Any]:
    return _answered_now(lambda flag: flag.subject == sa.bindparam("about"))


def _answered_now(about: Callable[[Any], sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """Reports of what is decided, answered when that was: asked with the time `since` which reports count."""
    theirs, at = aliased(Flag), sa.bindparam("decided", type_=Flag.decided_at.type)
    tally = _tallied(sa.select(theirs.person_id).where(about(theirs), theirs.decided_at >= at),
                     sa.bindparam("since", type_=Flag.created_at.type)).subquery()
    return (sa.select(Flag, Person, *(tally.c[name] for name in NUMBERS)).join(Person, Person.id == Flag.person_id)
            .outerjoin(tally, tally.c.person_id == Flag.person_id)
            .where(about(Flag), Flag.decided_at >= at).order_by(Flag.id))


def who_reported(decision: Decision) -> Sequence[Person]:
    """Everybody who reported what a decision is about."""
    return db.session.scalars(
        sa.select(Person).join(Flag, Flag.person_id == Person.id)
        .where(_about(Flag, decision)).order_by(Person.id)).all()


def _about(flag: Any, decision: Decision) -> sa.ColumnElement[bool]:
    """Holds for the reports of what a decision is about."""
    if decision.contribution_id is not None:
        return cast(sa.ColumnElement[bool], flag.contribution_id == decision.contribution_id)
    return cast(sa.ColumnElement[bool], flag.subject == decision.subject)


def tallies(people: Iterable[Person]) -> dict[int, Tally]:
    """For each of these, how many of the reports of the last days were answered, and how many were unfounded.

    Unfounded is what stayed public by the decision that answered it, and was not hidden since.
    """
    rows = db.session.execute(_tallied([person.id for person in people], clock.now() - MEASURED))
    return {person_id: Tally(*map(int, numbers)) for person_id, *numbers in rows}


def _tallied(people: Any, since: Any) -> sa.Select[Any]:
    answer = sa.case(
        (Flag.subject.is_(None), _answer(Decision.contribution_id == Flag.contribution_id)),
        else_=_answer(Decision.subject == Flag.subject))
    hidden_since = sa.exists().where(
        Decision.subject == Flag.subject, Decision.decided_at > Flag.decided_at, Decision.act.in_(TAKING_AWAY),
        _not_taken_back()).correlate(Flag)
    unfounded = sa.case((sa.and_(answer == Act.KEEP, Contribution.state.is_distinct_from(State.HIDDEN),
                                 ~hidden_since), 1), else_=0)
    warned = sa.case((Flag.created_at > Person.flags_warned_at, 1), else_=0)
    numbers = (sa.func.count(), sa.func.sum(unfounded), sa.func.sum(warned), sa.func.sum(warned * unfounded))
    columns: list[Any] = [Flag.person_id, *(one.label(name) for one, name in zip(numbers, NUMBERS, strict=True))]
    return (sa.select(*columns)
            .outerjoin(Contribution, Contribution.id == Flag.contribution_id)
            .join(Person, Person.id == Flag.person_id)
            .where(Flag.person_id.in_(people), Flag.decided_at.is_not(None), Flag.created_at > since)
            .group_by(Flag.person_id))


def _answer(about: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """What was decided last when a report was settled."""
    return (sa.select(Decision.act).where(about, Decision.decided_at <= Flag.decided_at, *_answering())
            .order_by(Decision.id.desc()).limit(1).correlate(Flag).scalar_subquery())


def _answering() -> list[sa.ColumnElement[bool]]:
    """What makes a decision an answer to reports, if nobody took it back."""
    settling = [act for act in Act if acts.known(act) and acts.rule(act).settles]
    return [Decision.act.in_(settling), _not_taken_back()]


def _not_taken_back() -> sa.ColumnElement[bool]:
    return Decision.id.not_in(sa.select(Decision.undoes_id).where(Decision.undoes_id.is_not(None)))


def _answered(flags: Sequence[Any]) -> list[Report]:
    about = matters.find(flag.about for flag in flags)
    decided = {flag.about for flag in flags if flag.decided_at is not None}
    found = db.session.scalars(sa.select(Decision).where(Decision.subject.in_(decided), *_answering())
                               .order_by(Decision.id)).all() if decided else []
    return [Report(flag, about.get(flag.about), next((one for one in reversed(found) if _answers(one, flag)), None))
            for flag in flags]


def _answers(decision: Decision, flag: Flag) -> bool:
    return (flag.decided_at is not None and decision.subject == flag.about
            and decision.decided_at <= flag.decided_at)
