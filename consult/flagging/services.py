"""Keeping reports within measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db
from consult.flagging import queries
from consult.flagging.measure import APART, LIMITED, MEASURED, Tally


@dataclass(frozen=True, kw_only=True)
class ReporterWarned(events.Event):
    """Nearly all that somebody reported was within the rules."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class ReporterLimited(events.Event):
    """Warned, somebody went on: one report a day for a while."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class ReporterRelieved(events.Event):
    """Decided otherwise, the reports are no longer too many that were unfounded."""

    person_id: int


def weigh(people: Sequence[Person], at: datetime) -> None:
    """Warn, limit or relieve those whose reports were answered, or answered otherwise, at an instant."""
    tallies = queries.tallies(people) if people else {}
    weigh_by({person: tallies.get(person.id, Tally()) for person in people}, at)


def weigh_by(tallies: Mapping[Person, Tally], at: datetime) -> None:
    """The same by how each of them reports, where that is known."""
    for person, tally in tallies.items():
        _weigh(person, tally, at)
    db.session.flush()


def limited(person: Person) -> bool:
    """True while somebody has one report a day."""
    return person.flags_limited_until is not None and person.flags_limited_until > clock.now()


def warned(person: Person) -> bool:
    """True while a warning counts."""
    return person.flags_warned_at is not None and person.flags_warned_at > clock.now() - MEASURED


def spend(person: Person) -> None:
    """A report was made: whoever is limited makes the next one a day later."""
    person.next_flag_at = clock.now() + APART if limited(person) else None
    db.session.flush()


def _weigh(person: Person, tally: Tally, at: datetime) -> None:
    if not warned(person):
        if tally.warns:
            person.flags_warned_at = at
            events.record(ReporterWarned(actor_id=None, person_id=person.id))
    elif not tally.warns or (limited(person) and not tally.limits):
        _relieve(person, tally)
    elif tally.limits and not limited(person):
        person.flags_limited_until, person.next_flag_at = at + LIMITED, at + APART
        events.record(ReporterLimited(actor_id=None, person_id=person.id))


def _relieve(person: Person, tally: Tally) -> None:
    person.flags_limited_until = person.next_flag_at = None
    if not tally.warns:
        person.flags_warned_at = None
    events.record(ReporterRelieved(actor_id=None, person_id=person.id))
