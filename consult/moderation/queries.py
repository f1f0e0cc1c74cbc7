"""What moderators decided."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Flag
from consult.contributions.queries import MODERATORS
from consult.core.db import db
from consult.core.paging import Order, Page, page
from consult.core.statements import among, made_once
from consult.moderation import matters, reported
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Aside, Decision, DecisionCount, Origin
from consult.processes.models import Activity, Phase

PAGE = 50
TAKING_AWAY = (Act.HIDE, Act.REVISE, Act.DUPLICATE)
"""After which a text is hidden."""


def flags_of(matter: Matter) -> Sequence[Flag]:
    """Reports by readers, the latest first."""
    return db.session.scalars(sa.select(Flag).where(reported.about(matter))
                              .order_by(Flag.id.desc()).limit(PAGE)).all()


def waits(matter: Matter) -> list[tuple[Origin, datetime]]:
    """For what something lies before the moderators now, and since when."""
    source = matters.of_source(matter.subject)
    asked = _waiting(source)() if source is not None else None
    rows = db.session.execute(asked, {"number": matter.number}) if asked is not None else ()
    return [(Origin(row.origin), row.since) for row in rows]


@cache
def _waiting(source: matters.Source) -> Callable[[], Any]:
    """The question about the things of one source, made once."""

    @made_once
    def statement() -> Any:
        parts = [(origin, select.subquery()) for origin, select in source.waiting()]
        return sa.union_all(*(
            sa.select(sa.literal(origin.value).label("origin"), rows.c.since)
            .where(rows.c.number == sa.bindparam("number", type_=sa.Integer())) for origin, rows in parts))

    return statement


def decisions_on(subject: str) -> Sequence[Decision]:
    """Every decision on something, the latest first."""
    return db.session.scalars(_decisions_on(), {"subject": subject}).all()


@made_once
def _decisions_on() -> sa.Select[Decision]:
    return (sa.select(Decision).where(Decision.subject == sa.bindparam("subject"))
            .options(joinedload(Decision.moderator)).order_by(Decision.id.desc()))


def latest(subject: str) -> Decision | None:
    """The latest decision on something."""
    return db.session.scalar(sa.select(Decision).where(Decision.subject == subject)
                             .order_by(Decision.id.desc()).limit(1))


def passed_on(subject: str) -> bool:
    """Whether a moderator has asked others to decide on something."""
    return db.session.scalar(sa.select(Aside.subject).where(
        Aside.subject == subject, Aside.passed_on_at.is_not(None))) is not None


def passed_on_by(subjects: Iterable[str]) -> dict[str, Decision]:
    """For each of these things that were passed on, the latest decision by which they were laid aside or passed on."""
    rows = db.session.scalars(sa.select(Aside).where(Aside.subject.in_(list(subjects))).options(
        joinedload(Aside.decision).joinedload(Decision.moderator)))
    return {row.subject: row.decision for row in rows}


def asked(decisions: Iterable[Decision]) -> dict[int, str]:
    """The names of those who were asked to decide by some of these decisions, by their ids."""
    ids = {id for decision in decisions for id in decision.details.get("to", ())}
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(ids))) if ids else ()
    return {person.id: person.shown_name for person in people}


def hiding(contribution: Contribution) -> Decision | None:
    """The latest decision after which a contribution was hidden."""
    return db.session.scalar(
        sa.select(Decision).where(Decision.contribution_id == contribution.id, Decision.act.in_(TAKING_AWAY))
        .order_by(Decision.id.desc()).limit(1))


def log(person: Person, *, act: Act | None = None, reason: str = "", after: str | None = None) -> Page:
    """The decisions in the processes in which the person moderates, the latest first, as a page."""
    wanted = sa.select(Decision).where(*_moderated(person)).options(
        joinedload(Decision.moderator), joinedload(Decision.contribution))
    if act is not None:
        wanted = wanted.where(Decision.act == act)
    if reason:
        wanted = wanted.where(Decision.reason == reason)
    return page(wanted, [Order(Decision.id, descending=True)], after=after, size=PAGE)


def _moderated(person: Person) -> list[sa.ColumnElement[bool]]:
    """The condition that a decision lies within the roles of a moderator; none for a role for the whole site."""
    scopes = [grant.process_id for grant in person.active_grants if grant.role in MODERATORS]
    if None in scopes:
        return []
    theirs = sa.select(Activity.id).join(Phase, Activity.phase_id == Phase.id).where(Phase.process_id.in_(scopes))
    return [sa.or_(Decision.process_id.in_(scopes), Decision.activity_id.in_(theirs))]


@dataclass(frozen=True)
class Hiding:
    """By what a contribution was hidden last."""

    decision_id: int
    act: Act
    reason: str | None
    rule_version: str


def hidings(ids: Iterable[int]) -> dict[int, Hiding]:
    """For each of these contributions that a moderator hid, by what that was done last."""
    found = db.session.execute(_hidings(), {"ids": list(ids)})
    return {id: Hiding(decision_id, act, reason, version)
            for id, decision_id, act, reason, version in found if id is not None}


@made_once
def _hidings() -> sa.Select[int | None, int, Act, str | None, str]:
    latest = (sa.select(sa.func.max(Decision.id))
              .where(among(Decision.contribution_id, "ids"), Decision.act.in_(TAKING_AWAY))
              .group_by(Decision.contribution_id))
    return (sa.select(Decision.contribution_id, Decision.id, Decision.act, Decision.reason, Decision.rule_version)
            .where(Decision.id.in_(latest)))


def figures() -> dict[tuple[Act, str], int]:
    """How often each act was decided, by its reason or the empty text."""
    rows = db.session.execute(sa.select(DecisionCount.act, DecisionCount.reason, DecisionCount.count))
    return {(act, reason): number for act, reason, number in rows}
