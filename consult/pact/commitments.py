"""Writing the commitments of the pact, and taking each from one state to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db, hold
from consult.pact.models import (
    Commitment,
    CommitmentMilestone,
    CommitmentState,
    Pact,
    Progress,
    Signatory,
    SignatoryState,
)
from consult.pact.monitoring import standing_reports
from consult.pact.services import WRITTEN, HinderedError, UnreasonedError, discuss, latest_consultation

PASSAGES: dict[CommitmentState, tuple[CommitmentState, ...]] = {
    CommitmentState.DRAFT: (CommitmentState.NEGOTIATING, CommitmentState.WITHDRAWN),
    CommitmentState.NEGOTIATING: (CommitmentState.AGREED, CommitmentState.WITHDRAWN),
    CommitmentState.AGREED: (CommitmentState.UNDER_WAY, CommitmentState.NEGOTIATING, CommitmentState.WITHDRAWN),
    CommitmentState.UNDER_WAY: (CommitmentState.KEPT, CommitmentState.NOT_KEPT, CommitmentState.WITHDRAWN),
    CommitmentState.KEPT: (),
    CommitmentState.NOT_KEPT: (CommitmentState.KEPT,),
    CommitmentState.WITHDRAWN: (),
}
"""Where a commitment can go from each state; one that was not kept by its day can still be kept later."""


class CodeTakenError(ValueError):
    """Another commitment of the pact has this code already."""


@dataclass(frozen=True, kw_only=True)
class CommitmentSaved(events.Event):
    commitment_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class CommitmentStateChanged(events.Event):
    commitment_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class CommitmentText:
    """What can be written of a commitment. The cost is in whole euros."""

    code: str
    title: str
    body: str = ""
    signatory_id: int | None = None
    partners: Sequence[Signatory] = ()
    resources: str = ""
    cost: int | None = None
    due_on: date | None = None
    measure: str = ""
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    indicator_id: int | None = None
    milestones: Sequence[Mapping[str, Any]] = ()
    """Rows as the columns of `CommitmentMilestone`."""


def add(pact: Pact, actor: Person, text: CommitmentText) -> Commitment:
    """Put a new commitment at the end, which only the staff see; raises CodeTakenError where the code is another's.

    Raises HinderedError where the text of the pact no longer changes.
    """
    _reserve(pact, text.code, None)
    last = sa.select(sa.func.max(Commitment.position)).where(Commitment.pact_id == pact.id)
    return _saved(Commitment(pact=pact, position=(db.session.scalar(last) or 0) + 1), actor, text)


def edit(commitment: Commitment, actor: Person, text: CommitmentText, *, seen: int) -> None:
    """Change a commitment; raises StaleVersionError if somebody saved after `seen`, and the others as above."""
    hold(commitment, seen)
    _reserve(commitment.pact, text.code, commitment.id)
    commitment.version += 1
    _saved(commitment, actor, text)


def take_to(commitment: Commitment, state: CommitmentState, actor: Person, *, seen: int, reason: str = "") -> None:
    """Take a commitment to another state; raises HinderedError and StaleVersionError as the pact's does.

    Withdrawing it takes a reason, which everybody reads; raises UnreasonedError without one.
    """
    hold(commitment, seen)
    before = commitment.state
    if state not in PASSAGES[before]:
        raise HinderedError(_l("The commitment was taken elsewhere in the meantime: look at its state again."))
    sentence = hindrance(commitment, state)
    if sentence is not None:
        raise HinderedError(sentence)
    if state is CommitmentState.WITHDRAWN:
        if not reason.strip():
            raise UnreasonedError
        commitment.withdrawn_reason = reason.strip()
    commitment.state = state
    commitment.version += 1
    commitment.pact.updated_at = clock.now()
    discuss(commitment, latest_consultation(commitment.pact))
    db.session.flush()
    events.record(CommitmentStateChanged(
        actor_id=actor.id, commitment_id=commitment.id, before=before.value, after=state.value))


def hindrance(commitment: Commitment, state: CommitmentState) -> LazyString | None:
    """Why a commitment cannot go on to a state yet; None where it can."""
    if state is CommitmentState.AGREED and not (commitment.signatory and commitment.due_on and commitment.measure):
        return _l("A commitment is agreed only when it says who answers for it, by when, and what is measured.")
    answers = commitment.signatory
    if state in {CommitmentState.AGREED, CommitmentState.UNDER_WAY} and (
            answers is None or answers.state is SignatoryState.WITHDRAWN):
        return _l("Whoever answers for it has withdrawn from the pact: choose another signatory first.")
    latest = next(iter(standing_reports(commitment.reports)), None)
    if state is CommitmentState.KEPT and (latest is None or latest.standing is not Progress.DONE):
        return _l("It is kept only when the latest report says that it is done: write that report first.")
    late = commitment.due_on is not None and commitment.due_on < clock.today()
    stopped = latest is not None and latest.standing is Progress.STOPPED
    if state is CommitmentState.NOT_KEPT and not (late or stopped):
        return _l("There is still time to keep it: say so once its day has passed, or once a report says that it "
                  "was stopped.")
    return None


def _reserve(pact: Pact, code: str, own_id: int | None) -> None:
    """See that no other commitment has this code, and that the text was not put before the signatories meanwhile.

    Of those who ask at the same time, each waits for the one before.
    """
    db.session.refresh(pact, ["state", "updated_at"], with_for_update=True)
    if pact.state not in WRITTEN:
        raise HinderedError(_l("This text is being signed or is signed already: it no longer changes."))
    others = db.session.execute(sa.select(Commitment.id, Commitment.code).where(Commitment.pact_id == pact.id))
    if any(code.casefold() == other.casefold() for id, other in others if id != own_id):
        raise CodeTakenError(code)


def _saved(commitment: Commitment, actor: Person, text: CommitmentText) -> Commitment:
    for name in CommitmentText.__dataclass_fields__:
        written = getattr(text, name)
        if name == "milestones":
            written = [CommitmentMilestone(**row) for row in written]
        setattr(commitment, name, list(written) if name == "partners" else written)
    db.session.add(commitment)
    commitment.pact.updated_at = clock.now()
    db.session.flush()
    db.session.refresh(commitment, ["signatory", "indicator"])
    discuss(commitment, latest_consultation(commitment.pact) if commitment.thread is None else None)
    db.session.flush()
    events.record(CommitmentSaved(actor_id=actor.id, commitment_id=commitment.id, version=commitment.version))
    return commitment
