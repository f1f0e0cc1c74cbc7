"""Writing the pact, taking it from one state to the next, and asking people what they think of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.contributions.models import Thread
from consult.core import clock, events, richtext
from consult.core.db import db, hold
from consult.core.languages import Localized
from consult.core.refusing import FieldError
from consult.pact.models import (
    Clause,
    Commitment,
    CommitmentState,
    Pact,
    PactConsultation,
    PactState,
    SignatoryState,
)
from consult.processes import services as processes
from consult.processes.models import Phase, Process

PASSAGES: dict[PactState, tuple[PactState, ...]] = {
    PactState.DRAFT: (PactState.IN_NEGOTIATION,),
    PactState.IN_NEGOTIATION: (PactState.OPEN_FOR_SIGNATURE,),
    PactState.OPEN_FOR_SIGNATURE: (PactState.IN_FORCE, PactState.IN_NEGOTIATION),
    PactState.IN_FORCE: (PactState.CONCLUDED,),
    PactState.CONCLUDED: (),
}
"""Where the pact can go from each state: what was public once is never hidden again."""
LEAST_PARTIES = 2
WRITTEN = (PactState.DRAFT, PactState.IN_NEGOTIATION)
"""States in which the text can change: afterwards it is what people sign."""
UNSETTLED = (CommitmentState.DRAFT, CommitmentState.NEGOTIATING)
"""Commitments that nobody has taken on yet."""
GOING = (CommitmentState.AGREED, CommitmentState.UNDER_WAY)
"""Commitments of which it is still to be seen whether they are kept."""


class UnreasonedError(FieldError):
    """Somebody or something is withdrawn, and nobody says why."""

    def __init__(self) -> None:
        super().__init__("withdrawn_reason", _l("Say why: everyone reads it."))


class HinderedError(ValueError):
    """A state that cannot follow the present one, with the sentence that says why and what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("hindered")
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class PactMade(events.Event):
    pact_id: int


@dataclass(frozen=True, kw_only=True)
class PactEdited(events.Event):
    pact_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class PactStateChanged(events.Event):
    pact_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class PactConsultationAdded(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class PactText:
    """What can be written of the pact itself."""

    title: str
    years: int
    premise: str = ""
    clauses: Sequence[Mapping[str, Any]] = ()
    """Rows as the columns of `Clause`, in their order."""


def make(process: Process, actor: Person, text: PactText) -> Pact:
    """Begin the pact of a percorso, which has one; only the staff see it at first."""
    slug = richtext.slug(f"patto-{process.slug}", 80)
    taken = db.session.scalar(sa.select(Pact.id).where(Pact.slug == slug))
    pact = Pact(process=process, slug=f"{slug[:70]}-{process.id}" if taken else slug)
    db.session.add(pact)
    _write(pact, text)
    events.record(PactMade(actor_id=actor.id, pact_id=pact.id))
    return pact


def edit(pact: Pact, actor: Person, text: PactText, *, seen: int) -> None:
    """Change the text of the pact; raises StaleVersionError, with nothing changed, if somebody saved after `seen`."""
    hold(pact, seen)
    pact.version += 1
    _write(pact, text)
    events.record(PactEdited(actor_id=actor.id, pact_id=pact.id, version=pact.version))


def _write(pact: Pact, text: PactText) -> None:
    pact.title, pact.years, pact.premise = text.title, text.years, text.premise
    pact.clauses = [Clause(position=position, **row) for position, row in enumerate(text.clauses, 1)]
    pact.updated_at = clock.now()
    db.session.flush()


def take_to(pact: Pact, state: PactState, actor: Person, *, seen: int, act: str = "",
            since: date | None = None) -> None:
    """Take the pact to another state, with the act and the day since which it is in force.

    Raises HinderedError where that state cannot follow yet, and StaleVersionError as `edit` does.
    """
    hold(pact, seen)
    before = pact.state
    if state not in PASSAGES[before]:
        raise HinderedError(_l("The pact was taken elsewhere in the meantime: look at its state again."))
    reason = hindrance(pact, state)
    if reason is not None:
        raise HinderedError(reason)
    if state is PactState.IN_FORCE:
        pact.in_force_since = since or clock.today()
    pact.act = act or pact.act
    pact.state, pact.updated_at = state, clock.now()
    pact.version += 1
    events.record(PactStateChanged(actor_id=actor.id, pact_id=pact.id, before=before.value, after=state.value))


def hindrance(pact: Pact, state: PactState) -> LazyString | None:
    """Why the pact cannot go on to a state yet; None where it can."""
    present = [one for one in pact.signatories if one.state is not SignatoryState.WITHDRAWN]
    signed = [one for one in present if one.state is SignatoryState.SIGNED]
    if state is PactState.IN_NEGOTIATION and pact.state is PactState.DRAFT and (
            not pact.clauses or len(present) < LEAST_PARTIES):
        return _l("Before it is public it needs at least one clause and two signatories.")
    if state is PactState.IN_NEGOTIATION and signed:
        return _l("Somebody has signed this text already: it no longer changes.")
    if state is PactState.OPEN_FOR_SIGNATURE:
        return _unripe(pact)
    if state is PactState.IN_FORCE and len(signed) < LEAST_PARTIES:
        return _l("A pact is in force only when at least two signatories have signed. Signed so far: %(number)s.",
                  number=len(signed))
    going = [one.code for one in pact.commitments if one.state in (*UNSETTLED, *GOING)]
    if state is PactState.CONCLUDED and going:
        return _l("First say of each commitment whether it was kept. Still to be told: %(codes)s.",
                  codes=", ".join(going))
    return None


def _unripe(pact: Pact) -> LazyString | None:
    """Why the text cannot be put before the signatories yet."""
    unsettled = [one.code for one in pact.commitments if one.state in UNSETTLED]
    if unsettled:
        return _l("Some commitments are not agreed yet: agree on them or withdraw them first. They are %(codes)s.",
                  codes=", ".join(unsettled))
    if not any(one.state is not CommitmentState.WITHDRAWN for one in pact.commitments):
        return _l("A pact without commitments cannot be signed: add at least one.")
    asking = latest_consultation(pact)
    if asking is not None and not asking.over():
        return _l("People can still comment on it: wait until the consultation is over.")
    return None


def begin_consultation(pact: Pact, phase: Phase, actor: Person, **values: Any) -> PactConsultation:
    """Add an activity in which the pact is commented, commitment by commitment.

    Raises TimetableError where its times cannot be.
    """
    consultation = processes.begin(PactConsultation, phase, pact=pact, **values)
    give_threads(consultation)
    events.record(PactConsultationAdded(actor_id=actor.id, activity_id=consultation.id))
    return consultation


def give_threads(consultation: PactConsultation) -> None:
    """Let every commitment that is public be commented in this consultation.

    A thread of an earlier consultation goes on in this one, with what was said in it.
    """
    commitments = db.session.scalars(sa.select(Commitment).where(
        Commitment.pact_id == consultation.pact_id, Commitment.state != CommitmentState.DRAFT)).all()
    earlier = [one.thread_id for one in commitments if one.thread_id]
    db.session.execute(sa.update(Thread).where(Thread.id.in_(earlier)).values(activity_id=consultation.id)
                       .execution_options(synchronize_session="fetch"))
    for commitment in commitments:
        discuss(commitment, consultation)


def discuss(commitment: Commitment, consultation: PactConsultation | None) -> None:
    """Give a commitment its thread, called by what it says now, where people are asked what they think of it."""
    public = commitment.state is not CommitmentState.DRAFT
    if commitment.thread is None and consultation is not None and public:
        commitment.thread = Thread(activity=consultation, label=Localized())
    if commitment.thread is not None:
        commitment.thread.label = Localized.of(f"{commitment.code} · {commitment.title}")
        commitment.thread.path = commitment.path


def latest_consultation(pact: Pact) -> PactConsultation | None:
    """The consultation on this pact that opens or opened last, public or not."""
    return db.session.scalar(sa.select(PactConsultation).where(PactConsultation.pact_id == pact.id)
                             .order_by(PactConsultation.opens_at.desc()).limit(1))

