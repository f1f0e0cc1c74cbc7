"""Loading the demonstration, who can be tried in it, and making it large."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core import clock, events
from consult.core.db import db
from consult.demo import (
    ballots,
    bodies,
    coding,
    concluding,
    contributions,
    counters,
    deliberation,
    discussion,
    figures,
    filling,
    meetings,
    merging,
    moderating,
    opinions,
    pact,
    people,
    percorso,
    plan,
    remarks,
    restitution,
    reviewing,
    sorting,
    supports,
    surveys,
)
from consult.demo.growth import CROWD, Growth
from consult.demo.story import Story
from consult.processes.models import Activity
from consult.proposals.models import Proposal, ProposalCall
from consult.search import services as search
from consult.surveys.models import Survey
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
    bodies.load(story)
    figures.load(story)
    surveys.load(story)
    coding.load(story)
    ballots.load(story)
    plan.load(story)
    contributions.load(story)
    discussion.load(story)
    opinions.load(story)
    contributions.discuss(story)
    deliberation.load(story)
    supports.load(story)
    discussion.conclude(story)
    merging.load(story)
    _plan(story)
    moderating.load(story)
    counters.settle()
    moderating.decide(story)
    sorting.load(story)
    meetings.load(story)
    plan.trace_further(story)
    search.catch_up()
    events.record(DemonstrationLoaded(actor_id=None, days=story.days.days))


def _plan(story: Story) -> None:
    """What was made of it all in the plan, what was said to the plan, and the pact."""
    for told in (plan.trace, remarks.load, restitution.load, concluding.load, reviewing.load, pact.load):
        told(story)


def accounts() -> list[Account]:
    """The accounts of the demonstration that are there."""
    known = {account.email: account for account in ACCOUNTS.values()}
    there = set(db.session.scalars(sa.select(Person.email).where(Person.email.in_(known))))
    return [account for email, account in known.items() if email in there]


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much to add of each."""

    people: int = 0
    proposals: int = 0
    comments: int = 0
    supports: int = 0
    submissions: int = 0

    @property
    def whole(self) -> int:
        return self.people + self.proposals + self.comments + self.supports + self.submissions


class GrowthError(Exception):
    """Why nothing can be added, as a sentence."""


@dataclass(frozen=True, kw_only=True)
class DemonstrationGrown(events.Event):
    rows: int


def grow(size: Size, *, seed: int) -> Iterator[int]:
    """Add made-up data to what is open, in batches; after each it tells how much of the size it made.

    Whoever calls keeps each batch, and calls `settle` in the end, be it that the last batch was reached or not. The
    same seed on the same database makes the same data. Raises GrowthError, and adds nothing, where it cannot be done.
    """
    call = _open(ProposalCall)
    surveys = list(_opened(Survey)) if size.submissions else []
    if not accounts():
        raise GrowthError("Made-up data is only added to the demonstration: load it first, into a database of its own.")
    if call is None or (size.submissions and not surveys):
        raise GrowthError("Nothing is open that could take it: load the demonstration anew, into another database.")
    _check(size, call)
    written = db.session.scalar(sa.select(sa.func.max(Contribution.id))) or 0
    growth = Growth(call, f"{seed}:{written}")
    return _batches(growth, [survey.id for survey in surveys], size, seed)


def _batches(growth: Growth, survey_ids: list[int], size: Size, seed: int) -> Iterator[int]:
    yield from growth.people(size.people)
    yield from growth.proposals(size.proposals)
    yield from growth.comments(size.comments)
    yield from growth.supports(size.supports)
    yield from filling.submissions(survey_ids, size.submissions, seed)


def settle(size: Size) -> None:
    """Make every counter true after data was added, and let the pages know that there is more to show."""
    counters.settle()
    search.catch_up()
    events.record(DemonstrationGrown(actor_id=None, rows=size.whole))


def _check(size: Size, call: ProposalCall) -> None:
    """People must be there to write, proposals to be discussed, and enough of both to be supported."""
    public = sa.and_(Contribution.activity_id == call.id, Contribution.state == State.PUBLISHED,
                     Proposal.replaced_at.is_(None))
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).where(public)) or 0
    crowd = (db.session.scalar(sa.select(sa.func.count()).select_from(Person).where(*CROWD)) or 0) + size.people
    if (size.proposals or size.comments or size.supports) and not crowd:
        raise GrowthError("There is nobody who could write: add some people with --people.")
    if (size.comments or size.supports) and not there and not size.proposals:
        raise GrowthError("There is no public proposal yet: add some with --proposals.")
    given = sa.select(sa.func.coalesce(sa.func.sum(Contribution.support_count), 0)).select_from(Proposal).where(public)
    room = crowd * (there + round(size.proposals * 0.9)) - (db.session.scalar(given) or 0)
    if size.supports > room:
        raise GrowthError(f"{crowd} people can give at most {max(room, 0)} more supports to the public proposals: "
                          "ask for fewer, or add more with --people and --proposals.")


def _opened(kind: type[Activity]) -> Iterator[Activity]:
    now = clock.now()
    under_way = sa.select(kind).where(Activity.opens_at <= now, Activity.closes_at > now).order_by(Activity.id)
    return (activity for activity in db.session.scalars(under_way) if activity.takes(now))


def _open(kind: type[ProposalCall]) -> ProposalCall | None:
    found = next(_opened(kind), None)
    return found if isinstance(found, kind) else None
