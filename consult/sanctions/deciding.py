"""What warning, suspending and ending a suspension do, and what undoes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.moderation import acts
from consult.moderation.acts import LIVING, SENTENCE, Order, RefusedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision
from consult.sanctions import queries
from consult.sanctions.models import ALONE, Suspension
from consult.sanctions.words import ALREADY, ANSWERED, FOUR_EYES


@acts.offer
class Warn:
    """The author is told which rule was broken; nothing else changes."""

    act = Act.WARN
    reasoned, least, settles, own_page = True, SENTENCE, False, True

    def offered(self, matter: Matter) -> bool:
        return _has_an_author(matter)

    def details_of(self, matter: Matter, moderator: Person) -> Mapping[str, Any]:
        return {"person": matter.author_id}

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        """The statement of reasons is the warning."""

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        """Nobody was told."""


@acts.offer
class Suspend:
    """The author writes nothing for some days; beyond a week because two people want it."""

    act = Act.SUSPEND
    reasoned, least, settles, own_page = True, SENTENCE, False, True

    def offered(self, matter: Matter) -> bool:
        return _has_an_author(matter) and not _author(matter).suspended

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        author = _author(matter)
        db.session.refresh(author, ["suspended_until"], with_for_update=True)
        if author.suspended:
            raise RefusedError(str(ALREADY))
        suspension = _confirmed(order, moderator) if "suspension" in order.details else _begun(
            matter, order, moderator)
        suspension.decision_id, suspension.settled_at = decision.id, decision.decided_at
        suspension.ends_at = author.suspended_until = datetime.fromisoformat(order.details["until"])
        db.session.flush()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        suspension = db.session.scalars(sa.select(Suspension).where(Suspension.decision_id == decision.id)).one()
        _author(matter).suspended_until = None
        if suspension.confirmer_id is None:
            db.session.delete(suspension)
        else:
            suspension.confirmer_id = suspension.settled_at = suspension.decision_id = suspension.ends_at = None
        db.session.flush()


@acts.offer
class Lift:
    """A suspension ends before its time, on the page of the text for which it was."""

    act = Act.LIFT
    reasoned, least, settles, own_page = False, 0, False, False

    def offered(self, matter: Matter) -> bool:
        return (matter.source not in ("suspension", "appeal") and matter.author is not None
                and matter.author.suspended and _of(matter) is not None)

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        suspension = _of(matter)
        if suspension is not None:
            suspension.lifted_at = decision.decided_at
        _author(matter).suspended_until = None
        db.session.flush()

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        suspension = db.session.scalars(sa.select(Suspension).where(
            Suspension.subject == matter.subject, Suspension.lifted_at == decision.decided_at)).one()
        suspension.lifted_at, _author(matter).suspended_until = None, suspension.ends_at
        db.session.flush()


def _begun(matter: Matter, order: Order, moderator: Person) -> Suspension:
    if order.details["days"] > ALONE:
        raise RefusedError(str(FOUR_EYES))
    suspension = Suspension(
        person_id=matter.author_id, subject=matter.subject, process_id=matter.process_id,
        activity_id=matter.activity_id, proposer_id=moderator.id, days=order.details["days"], reason=order.reason,
        note=order.note)
    db.session.add(suspension)
    return suspension


def _confirmed(order: Order, moderator: Person) -> Suspension:
    suspension = db.session.get_one(Suspension, order.details["suspension"])
    db.session.refresh(suspension, ["settled_at"], with_for_update=True)
    if not suspension.open:
        raise RefusedError(str(ANSWERED))
    if suspension.proposer_id == moderator.id:
        raise RefusedError(str(FOUR_EYES))
    suspension.confirmer_id = moderator.id
    return suspension


def _of(matter: Matter) -> Suspension | None:
    """The suspension that lasts now, where it is for this text."""
    found = queries.running(_author(matter).id)
    return found if found is not None and found.subject == matter.subject else None


def _author(matter: Matter) -> Person:
    assert matter.author is not None  # noqa: S101 - nothing is offered where nobody wrote
    return matter.author


def _has_an_author(matter: Matter) -> bool:
    return matter.state in LIVING and matter.author is not None and matter.author.erased_at is None
