"""Loading the demonstration, and who can be tried in it."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db
from consult.demo import ballots, contributions, counters, people, percorso, plan, supports, surveys
from consult.demo.story import Story
from consult.territory.models import Authority

PASSWORD = "dimostrazione"  # noqa: S105 - public on purpose: refused outside the demonstration


@dataclass(frozen=True)
class Account:
    email: str
    note: str


ACCOUNTS = {
    "giulia-santini": Account("cittadina@example.org", "Giulia S., verified resident of Roccamurata"),
    "matteo-orlandi": Account("cittadino@example.org", "Matteo O., resident of Castelrovano, not verified"),
    "giorgio-sala": Account("associazione@example.org", "Giorgio Sala, speaks for Artigiani e Imprese della Valle"),
    "chiara-benassi": Account("moderatrice@example.org", "Chiara Benassi, moderator"),
    "luca-tarozzi": Account("moderatore@example.org", "Luca Tarozzi, moderator"),
    "paolo-righini": Account("ufficio@example.org", "Paolo Righini, plan office"),
    "marta-zanelli": Account("regia@example.org", "Marta Zanelli, steering group"),
    "teresa-galli": Account("garante@example.org", "Teresa Galli, guarantee committee"),
    "rosanna-mei": Account("sportello@example.org", "Rosanna Mei, help desk of Vallescura in Monte"),
    "admin": Account("admin@example.org", "Administrator of the platform"),
}


class NotEmptyError(Exception):
    """The demonstration is only ever loaded where there is nothing yet."""


@dataclass(frozen=True, kw_only=True)
class DemonstrationLoaded(events.Event):
    days: int
    """How far the written days were moved."""


def empty() -> bool:
    """True on a database that holds nothing yet."""
    return not any(db.session.scalar(sa.select(model.id).limit(1)) for model in (Authority, Person))


def load() -> None:
    """Load the whole demonstration, its days moved so that phase two is under way.

    Raises NotEmptyError, and changes nothing, on a database that holds data.
    """
    if not empty():
        raise NotEmptyError
    story = Story()
    people.load(story, {name: account.email for name, account in ACCOUNTS.items()}, ACCOUNTS["admin"].email, PASSWORD)
    percorso.load(story)
    surveys.load(story)
    ballots.load(story)
    plan.load(story)
    contributions.load(story)
    supports.load(story)
    plan.trace(story)
    counters.settle()
    events.record(DemonstrationLoaded(actor_id=None, days=story.days.days))


def accounts() -> list[Account]:
    """The accounts of the demonstration that are there."""
    known = {account.email: account for account in ACCOUNTS.values()}
    there = set(db.session.scalars(sa.select(Person.email).where(Person.email.in_(known))))
    return [account for email, account in known.items() if email in there]
