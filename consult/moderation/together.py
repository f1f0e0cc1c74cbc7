"""One decision on several things at once: each by itself, so that what cannot be done hinders nothing else."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.moderation import acts, matters, services, words
from consult.moderation.acts import Order, RefusedError, UnreasonedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision
from consult.moderation.services import ClaimedError

MOST = 1000
"""Characters of a note, where an act does not say less."""
BATCH = "batch"
"""What the details of a decision call the others that were made with it."""


@dataclass
class Outcome:
    """What was decided, and of what it could not be, each with the sentence that says why."""

    batch: str
    done: list[tuple[Matter, Decision]] = field(default_factory=list)
    not_done: list[tuple[Matter, str | LazyString]] = field(default_factory=list)
    messages: Sequence[OutboxMessage] = ()
    """Those that leave."""


def decide(marks: Mapping[str, int], person: Person, order: Order) -> Outcome:
    """Decide the same of each thing as it stood at its mark; conflicts are answered, the rest is done."""
    outcome = Outcome(secrets.token_hex(8))
    found = matters.find(marks)
    rules = {id: words.lists_of([id])[0] for id in {matter.process_id for matter in found.values()}}
    for subject, matter in found.items():
        refusal = _refusal(matter, person, order, rules[matter.process_id])
        if not refusal:
            try:
                with db.session.begin_nested():
                    known = acts.details_of(order.act, matter, person)
                    marked = replace(order, details={**order.details, **known, BATCH: outcome.batch})
                    outcome.done.append((matter, services.decide(matter, person, marked, seen=marks[subject])))
                continue
            except ClaimedError:
                refusal = _l("Somebody else has it in hand.")
            except StaleVersionError:
                refusal = _l("It was changed or decided since you opened the list.")
            except UnreasonedError:
                refusal = _l("The reason or the note is missing.")
            except RefusedError as fault:
                refusal = str(fault)
        outcome.not_done.append((matter, refusal))
    return outcome


def _refusal(matter: Matter, person: Person, order: Order, rules: Mapping[str, Any]) -> Any:
    """Why somebody cannot decide this of a thing; empty where they can."""
    verdict = can(person, "moderation.read", matter) and can(person, "moderation.decide", matter)
    if not verdict:
        return verdict.reason
    rule = acts.rule(order.act)
    if rule.reasoned and order.reason and order.reason not in rules:
        return _l("The reason you chose is none of the rules of its percorso.")
    most = getattr(rule, "most", MOST)
    if len(order.note.strip()) > most:
        return _l("The note is too long: at most %(most)s characters.", most=most)
    if not rule.offered(matter):
        return _l("This cannot be decided of it as it stands.")
    return ""


def rehearse(marks: Mapping[str, int], person: Person, order: Order) -> Outcome:
    """What deciding would do, with the very messages that would leave; nothing of it is kept."""
    trial = db.session.begin_nested()
    try:
        outcome = decide(marks, person, order)
        names = [services.batch(decision) for _matter, decision in outcome.done]
        outcome.messages = db.session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.batch.in_(names)).order_by(OutboxMessage.id)).all()
        for message in outcome.messages:
            db.session.expunge(message)
    finally:
        trial.rollback()
    return outcome


def of_batch(batch: str, person: Person) -> list[Decision]:
    """What somebody decided together and can still take back."""
    if not batch:
        return []
    recent = db.session.scalars(sa.select(Decision).where(
        Decision.decided_at > clock.now() - services.UNDOING, Decision.moderator_id == person.id,
        Decision.act != Act.UNDO).order_by(Decision.id))
    return [one for one in recent if one.details.get(BATCH) == batch]


def take_back(batch: str, person: Person) -> tuple[int, int]:
    """Undo what was decided together; answers how much was, and of how much."""
    decisions = of_batch(batch, person)
    found = matters.find(decision.subject for decision in decisions)
    undone = 0
    for decision in decisions:
        try:
            with db.session.begin_nested():
                services.take_back(decision, found[decision.subject], person)
                undone += 1
        except StaleVersionError:
            continue
    return undone, len(decisions)
