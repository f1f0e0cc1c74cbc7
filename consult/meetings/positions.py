"""What those who sit at a table said of each point of its agenda."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db, hold
from consult.meetings.models import AgendaItem, Position, Stance
from consult.meetings.services import MeetingError


@dataclass(frozen=True, kw_only=True)
class PositionsRecorded(events.Event):
    activity_id: int
    agenda_item_id: int


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A position as it was typed: of an organisation, or of a subject by its written name."""

    stance: Stance
    note: str = ""
    organisation_id: int | None = None
    name: str | None = None


def record(item: AgendaItem, actor: Person, stated: Sequence[Stated], *, seen: int) -> None:
    """Let these be the positions on a point, instead of those recorded before.

    Raises MeetingError where a subject is named twice, or where a condition is missing; raises StaleVersionError
    where somebody changed the meeting since. Nothing is changed then.
    """
    _check(stated)
    hold(item.meeting, seen)
    before = {(one.organisation_id, one.name): one for one in item.positions}
    kept = []
    for one in stated:
        position = before.get((one.organisation_id, one.name)) or Position(
            organisation_id=one.organisation_id, name=one.name)
        position.stance, position.note = one.stance, one.note
        kept.append(position)
    item.positions = kept
    item.meeting.version += 1
    db.session.flush()
    events.record(PositionsRecorded(actor_id=actor.id, activity_id=item.meeting_id, agenda_item_id=item.id))


def _check(stated: Sequence[Stated]) -> None:
    subjects = Counter((one.organisation_id, (one.name or "").casefold()) for one in stated)
    if any(number > 1 for number in subjects.values()):
        raise MeetingError("positions", _l("The same subject stands in two rows: each has one position on a point."))
    if any(one.stance is Stance.CONDITIONAL and not one.note.strip() for one in stated):
        raise MeetingError("positions", _l("Write the condition where somebody agrees on a condition."))


def counted(positions: Iterable[Position]) -> dict[Stance, int]:
    """How many took each position, in the order in which positions are told; those that nobody took are left out."""
    found = Counter(position.stance for position in positions)
    return {stance: found[stance] for stance in Stance if found[stance]}
