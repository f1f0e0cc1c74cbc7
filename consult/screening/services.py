"""Looking for signs in a text as it is sent in or changed, and keeping what was found until a person has decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock, events
from consult.core.db import db, hold, insert, table
from consult.core.statements import made_once
from consult.moderation.models import Decision
from consult.screening import doubles, signals
from consult.screening.models import Finding, Mode, ScreeningSettings, Signal
from consult.screening.signals import Found, Lists

ONLY = 1
"""The one row of settings."""
MODES: dict[Signal, Mode] = dict.fromkeys(Signal, Mode.HINT) | {Signal.PERSONAL: Mode.HOLD}
"""What follows from each sign until the office says otherwise: only what cannot be unread is kept from the public."""
YOUNG = timedelta(days=7)
"""Accounts that are younger are new."""
HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 5


@dataclass(frozen=True, kw_only=True)
class ScreeningSet(events.Event):
    """The office has set which signs are looked for, or changed a list."""

    version: int


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is looked for, and what follows from it."""

    modes: Mapping[Signal, Mode]
    lists: Lists
    version: int = 0
    lately: int = 0
    """How many texts somebody has sent in within the last hour."""


def setting(author_id: int | None = None) -> Setting:
    """What the office has set; with what somebody has sent in lately, in the same statement."""
    row = db.session.execute(_asking(), {"author": author_id, "since": clock.now() - HOUR, "only": ONLY}).one()
    if row.modes is None:
        return Setting(modes=MODES, lists=Lists(), lately=row.lately)
    modes = {signal: Mode(row.modes.get(signal.value, MODES[signal].value)) for signal in Signal}
    lists = Lists(insults=row.insults, of_people=row.of_people, contacts=row.contacts)
    return Setting(modes=modes, lists=lists, version=row.version, lately=row.lately)


@made_once
def _asking() -> Any:
    written, kept = table(Contribution), table(ScreeningSettings)
    lately = (sa.select(sa.func.count()).select_from(written)
              .where(written.c.author_id == sa.bindparam("author"), written.c.created_at > sa.bindparam("since"))
              .scalar_subquery())
    one = sa.select(sa.literal(1).label("one")).subquery()
    return (sa.select(lately.label("lately"), kept.c.version, kept.c.modes, kept.c.insults, kept.c.of_people,
                      kept.c.contacts)
            .select_from(one.outerjoin(kept, kept.c.id == sa.bindparam("only"))))


def screen(contribution: Contribution, *, edited: bool) -> bool:
    """Look through a text that its author sends in or has changed, and keep what is found.

    Answers whether a person is to read it before it is public. What was found in earlier versions goes.
    """
    young = contribution.author.created_at > clock.now() - YOUNG
    rules = setting(contribution.author_id if young else None)
    if edited:
        _forget(contribution)
    found = [one for one in _found(contribution, rules, edited=edited) if rules.modes[one.signal] is not Mode.OFF]
    _keep(contribution, found, rules.modes)
    return any(rules.modes[one.signal] is Mode.HOLD for one in found)


def look_again(contribution: Contribution) -> None:
    """Look through the words that a moderator has put in place of an author's: nothing is held for it."""
    rules = setting()
    _forget(contribution)
    _keep(contribution, [one for one in by_words(contribution.written(), rules)
                         if rules.modes[one.signal] is not Mode.OFF], rules.modes)


def by_words(written: Mapping[str, str], rules: Setting) -> Iterator[Found]:
    """What the words alone tell."""
    for signal, look in signals.BY_WORDS.items():
        if rules.modes[signal] is not Mode.OFF:
            for field, text in written.items():
                yield from look(text, field, rules.lists)


def _found(contribution: Contribution, rules: Setting, *, edited: bool) -> Iterator[Found]:
    yield from by_words(contribution.written(), rules)
    if rules.lately > MOST_IN_AN_HOUR and not edited:
        yield Found(signal=Signal.BURST, number=rules.lately)
    if rules.modes[Signal.DOUBLE] is not Mode.OFF:
        other = doubles.double_of(contribution)
        if other:
            yield Found(signal=Signal.DOUBLE, number=other)
    if edited and rules.modes[Signal.CHANGED] is not Mode.OFF and _decided(contribution):
        yield Found(signal=Signal.CHANGED)


def _decided(contribution: Contribution) -> bool:
    return db.session.scalar(sa.select(Decision.id).where(
        Decision.contribution_id == contribution.id).limit(1)) is not None


def _forget(contribution: Contribution) -> None:
    db.session.execute(sa.delete(table(Finding)).where(table(Finding).c.contribution_id == contribution.id))


def _keep(contribution: Contribution, found: Sequence[Found], modes: Mapping[Signal, Mode]) -> None:
    if found:
        db.session.execute(sa.insert(table(Finding)), [
            {"contribution_id": contribution.id, "version": contribution.version, "signal": one.signal,
             "mode": modes[one.signal], "what": one.what, "field": one.field, "begins": one.begins, "ends": one.ends,
             "number": one.number, "found_at": clock.now()} for one in found])


def settle(contribution_id: int) -> None:
    """A person has decided: what was found waits no longer."""
    db.session.execute(sa.update(Finding).where(
        Finding.contribution_id == contribution_id, Finding.settled_at.is_(None)).values(settled_at=clock.now()))


def reopen(contribution_id: int, since: datetime) -> None:
    """A decision is taken back: what it settled waits again."""
    db.session.execute(sa.update(Finding).where(
        Finding.contribution_id == contribution_id, Finding.settled_at >= since).values(settled_at=None))


def change(actor: Person, *, seen: int, modes: Mapping[Signal, Mode], insults: Iterable[str],
           of_people: Iterable[str], contacts: Iterable[str]) -> None:
    """Set what is looked for from now on; texts that are there already are not looked through again.

    Raises StaleVersionError where somebody else has set it since.
    """
    values = {"modes": {signal.value: mode.value for signal, mode in modes.items()}, "insults": [*insults],
              "of_people": [*of_people], "contacts": [*contacts]}
    db.session.execute(insert(ScreeningSettings).values(id=ONLY, version=0, **values)
                       .on_conflict_do_nothing(index_elements=["id"]))
    kept = db.session.get_one(ScreeningSettings, ONLY)
    hold(kept, seen)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    db.session.flush()
    events.record(ScreeningSet(actor_id=actor.id, version=kept.version))
