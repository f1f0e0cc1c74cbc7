"""Closing and reopening a discussion, laying aside, passing on: acts that leave the text as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consult.accounts.models import Person
from consult.comments import locking
from consult.contributions.models import Contribution, State, Thread
from consult.core import events
from consult.core.db import db
from consult.measures import asides, passing
from consult.measures.models import ClosingSentence
from consult.measures.passing import PassedOn
from consult.measures.words import NOBODY_ELSE
from consult.moderation import acts, claims
from consult.moderation.acts import SENTENCE, Order, RefusedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Aside, Decision

LONGEST = 300
"""Characters of the sentence above a discussion that is closed."""


def thread_of(matter: Matter) -> Thread | None:
    """The discussion that a text stands in, or that is about it."""
    thing = matter.thing
    return thing.thread if isinstance(thing, Contribution) and thing.thread_id else None


@acts.offer
class Lock:
    """The discussion takes no more comments; everybody reads why."""

    act = Act.LOCK
    reasoned, least, settles, own_page = True, SENTENCE, False, True
    most = LONGEST

    def offered(self, matter: Matter) -> bool:
        thread = thread_of(matter)
        return thread is not None and not thread.locked and matter.state in acts.LIVING

    def details_of(self, matter: Matter, moderator: Person) -> Mapping[str, Any]:
        return {}

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        locking.lock(_thread(matter), moderator, reason=decision.note)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        locking.unlock(_thread(matter), moderator)


@acts.offer
class Unlock:
    """The discussion takes comments again."""

    act = Act.UNLOCK
    reasoned, least, settles, own_page = False, 0, False, False

    def offered(self, matter: Matter) -> bool:
        thread = thread_of(matter)
        ended = getattr(matter.thing, "replaced", False) or getattr(matter.thing, "summary_html", "")
        return thread is not None and thread.locked and matter.state in acts.LIVING and not ended

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        thread = _thread(matter)
        db.session.add(ClosingSentence(decision_id=decision.id, words=thread.lock_reason))
        locking.unlock(thread, moderator)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        said = db.session.get_one(ClosingSentence, decision.id)
        locking.lock(_thread(matter), moderator, reason=said.words)
        db.session.delete(said)


class _Waiting:
    """What is done with something that waits, and decides nothing of it."""

    reasoned, settles, own_page = False, False, True

    def offered(self, matter: Matter) -> bool:
        return matter.state is State.PENDING or (matter.state is State.PUBLISHED and matter.reported)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        asides.put_back(matter.subject, decision.details.get("earlier"))


@acts.offer
class Snooze(_Waiting):
    """It stands in no queue until a day comes."""

    act, least = Act.SNOOZE, 0

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        until = datetime.fromisoformat(order.details["until"])
        asides.put(matter.subject, decision, until=until)
        claims.end(matter.subject)


@acts.offer
class Escalate(_Waiting):
    """Whoever runs the site or guards its rules is asked to decide; others still may."""

    act, least = Act.ESCALATE, SENTENCE

    def details_of(self, matter: Matter, moderator: Person) -> Mapping[str, Any]:
        asked = passing.asked(matter, moderator)
        if not asked:
            raise RefusedError(NOBODY_ELSE)
        return details_with(matter, to=[person.id for person in asked])

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        asides.put(matter.subject, decision, passed_on_at=decision.decided_at)
        claims.end(matter.subject)
        events.record(PassedOn(actor_id=moderator.id, subject=matter.subject,
                               person_ids=tuple(order.details.get("to", ()))))


def _thread(matter: Matter) -> Thread:
    thread = thread_of(matter)
    assert thread is not None  # noqa: S101 - nothing else is offered
    return thread


def details_with(matter: Matter, **details: Any) -> dict[str, Any]:
    """What an act that lays aside must know, and how things stood before, so that it can be undone."""
    earlier = db.session.get(Aside, matter.subject)
    return {**details, "earlier": asides.plain(earlier) if earlier else None}
