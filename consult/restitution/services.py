"""Writing and publishing what was asked, said and done; and closing a phase."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import charts, clock, events
from consult.core.db import StaleVersionError, db, hold, insert
from consult.core.languages import Localized
from consult.core.refusing import FieldError
from consult.processes.models import Activity, Axis, Phase
from consult.restitution import counting, queries
from consult.restitution.models import PhaseClosing, Restitution, RestitutionEdition
from consult.results import queries as results

SHORTEST = 20
"""Characters of the shortest sentence."""
NOT_OVER = _l("The phase is not over yet: it can be closed once its last day has passed.")
PARTS = ("asked", "said", "done")


class RestitutionError(FieldError):
    """What cannot be published or closed as it stands: `field` is what to put right, `sentence` says how."""


@dataclass(frozen=True, kw_only=True)
class RestitutionSaved(events.Event):
    restitution_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class RestitutionPublished(events.Event):
    restitution_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class PhaseClosed(events.Event):
    """A phase was closed; with how much still missing."""

    phase_id: int
    without_restitution: int
    without_outcome: int


def begun(of: Activity | Axis) -> dict[str, Localized]:
    """What a restitution begins from: what was asked, what the frozen results say, what became of the proposals."""
    said, done = counting.begun(counting.figures_of(of))
    return {"asked": of.summary if isinstance(of, Axis) else of.intro, "said": said, "done": done}


def save(of: Activity | Axis, person: Person, texts: Mapping[str, Localized], *, seen: int) -> Restitution:
    """Keep what was written so far, which only the staff sees; `seen` is 0 where nothing was written before.

    Raises StaleVersionError where somebody was faster; nothing is changed then.
    """
    restitution = _begin(of) if seen == 0 else _held(of, seen)
    for part in PARTS:
        setattr(restitution, part, texts[part])
    restitution.version, restitution.updated_at, restitution.edited_by_id = seen + 1, clock.now(), person.id
    db.session.flush()
    events.record(RestitutionSaved(actor_id=person.id, restitution_id=restitution.id, version=restitution.version))
    return restitution


def publish(restitution: Restitution, person: Person) -> RestitutionEdition:
    """Make what is saved public, with the figures of now; what was public before stays readable.

    Raises RestitutionError where a part is less than a sentence, or where the results of the activity are not
    frozen yet.
    """
    for part in PARTS:
        if len(getattr(restitution, part).get("it", "").strip()) < SHORTEST:
            raise RestitutionError(part, _l("Write at least a sentence: everybody reads it."))
    check_counted(restitution.of)
    last = db.session.scalar(sa.select(sa.func.max(RestitutionEdition.number)).where(
        RestitutionEdition.restitution_id == restitution.id)) or 0
    edition = RestitutionEdition(
        restitution_id=restitution.id, number=last + 1, content=counting.figures_of(restitution.of).as_json(),
        published_by_id=person.id, **{part: getattr(restitution, part) for part in PARTS})
    db.session.add(edition)
    db.session.flush()
    events.record(RestitutionPublished(actor_id=person.id, restitution_id=restitution.id, number=edition.number))
    return edition


def check_counted(of: Activity | Axis) -> None:
    """Raise RestitutionError where an activity has ended and its results are not counted yet."""
    if isinstance(of, Activity) and charts.countable(of) and results.sheet_of(of.id) is None:
        raise RestitutionError("said", _l("The results are still being counted: publish it once they are there."))


def close(phase: Phase, person: Person, *, reason: str) -> PhaseClosing:
    """Close a phase for good. Where something is missing a reason is needed, which everybody reads.

    Raises RestitutionError where the reason is less than a sentence, or where somebody has closed it meanwhile.
    """
    db.session.refresh(phase, ["ends_at"], with_for_update=True)  # nobody moves its end meanwhile
    if not phase.past():
        raise RestitutionError("reason", NOT_OVER)
    lacking = queries.missing(phase)
    reason = reason.strip() if lacking else ""
    if lacking and len(reason) < SHORTEST:
        raise RestitutionError("reason", _l("Say in a sentence at least why it is closed although something is "
                                            "missing: it stands on the page of the phase."))
    row = insert(PhaseClosing).values(
        phase_id=phase.id, closed_at=clock.now(), closed_by_id=person.id, reason=reason,
        without_restitution=len(lacking.activities), without_outcome=lacking.contributions)
    closing = db.session.scalars(
        row.on_conflict_do_nothing(index_elements=["phase_id"]).returning(PhaseClosing)).first()
    if closing is None:
        raise RestitutionError("reason", _l("Somebody else has closed this phase meanwhile."))
    made: PhaseClosing = closing
    events.record(PhaseClosed(actor_id=person.id, phase_id=phase.id, without_restitution=made.without_restitution,
                              without_outcome=made.without_outcome))
    return made


def _begin(of: Activity | Axis) -> Restitution:
    column = "axis_id" if isinstance(of, Axis) else "activity_id"
    row = insert(Restitution).values(**{column: of.id}, version=0, updated_at=clock.now(),
                                     **{part: Localized() for part in PARTS})
    made = db.session.scalars(row.on_conflict_do_nothing(index_elements=[column]).returning(Restitution)).first()
    if made is None:
        raise StaleVersionError(0)
    found: Restitution = made
    return found


def _held(of: Activity | Axis, seen: int) -> Restitution:
    restitution = queries.of(of)
    if restitution is None:
        raise StaleVersionError(seen)
    hold(restitution, seen)
    return restitution
