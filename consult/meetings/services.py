"""Preparing meetings, convening and cancelling them, and saying who came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Organisation, Person
from consult.contributions.models import Thread
from consult.core import clock, events, files, jobs
from consult.core.db import db, hold
from consult.core.languages import Localized
from consult.core.refusing import FieldError
from consult.meetings.models import AgendaItem, Meeting, MeetingDocument
from consult.processes import services as processes
from consult.processes.models import Phase

NOTICE = timedelta(days=5)
"""How long before a meeting it is convened, with its agenda and documents, unless a reason is given."""
AFTERWARDS = timedelta(days=14)
"""For how long one can write about a meeting once it has ended, where nothing else is said."""
SHORTEST_REASON = 15


class MeetingError(FieldError):
    """What cannot be of a meeting: `field` is what to put right, `sentence` says how."""


@dataclass(frozen=True, kw_only=True)
class MeetingPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingChanged(events.Event):
    """`changed` names the columns, and `agenda`."""

    activity_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingConvened(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingCounted(events.Event):
    """Somebody said how many came, and which organisations."""

    activity_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingDocumentAdded(events.Event):
    activity_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingDocumentRemoved(events.Event):
    activity_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point of an agenda as it was typed; `id` names the one that it was before."""

    title: str
    text: str = ""
    id: int | None = None


def prepare(phase: Phase, actor: Person, agenda: Sequence[Point], **values: Any) -> Meeting:
    """Add a meeting to a phase, with these columns; nobody but the staff sees it until it is convened.

    Raises MeetingError or TimetableError where its times cannot be.
    """
    values = {**values, "closes_at": values.get("closes_at") or _until(phase, values)}
    opens_at = max(clock.now(), phase.starts_at)
    _check_times(phase, values)
    processes.check_times(phase, opens_at, values["closes_at"])
    meeting = Meeting(phase=phase, negotiable=Localized(), opens_at=opens_at, published=False, **values)
    db.session.add(meeting)
    _write_agenda(meeting, agenda)
    db.session.flush()
    meeting.thread = Thread(activity=meeting, label=meeting.title, path=f"/incontri/{meeting.id}")
    db.session.flush()
    events.record(MeetingPrepared(actor_id=actor.id, activity_id=meeting.id))
    return meeting


def change(meeting: Meeting, actor: Person, agenda: Sequence[Point], *, seen: int, **values: Any) -> None:
    """Set columns and the agenda of a meeting; equal values change nothing.

    Raises StaleVersionError where somebody was faster, MeetingError or TimetableError where it cannot be so; nothing
    is changed then.
    """
    hold(meeting, seen)
    values = {**values, "closes_at": values.get("closes_at") or _until(meeting.phase, values)}
    _check_times(meeting.phase, values, meeting)
    if values["closes_at"] != meeting.closes_at:
        processes.check_times(meeting.phase, meeting.opens_at, values["closes_at"], meeting)
    _check_agenda(meeting, agenda)
    changed = [name for name, value in values.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, values[name])
    if _write_agenda(meeting, agenda):
        changed.append("agenda")
    if changed:
        _touch(meeting)
        if meeting.thread is not None:
            meeting.thread.label = meeting.title
        db.session.flush()
        events.record(MeetingChanged(actor_id=actor.id, activity_id=meeting.id, changed=tuple(sorted(changed))))


def convene(meeting: Meeting, actor: Person, *, seen: int, reason: str = "") -> None:
    """Make a meeting public, with its agenda: from now on one can come and write about it.

    Raises MeetingError where something is missing, or where it is close and nothing says why. Raises
    StaleVersionError where somebody was faster. Nothing is changed then.
    """
    hold(meeting, seen)
    now, reason = clock.now(), reason.strip()
    if not (meeting.place or meeting.online):
        raise MeetingError("meeting", _l("Say first where one meets: a place, an address online, or both."))
    if not meeting.agenda:
        raise MeetingError("meeting", _l("Write the agenda first: at least one point."))
    if meeting.begun(now):
        raise MeetingError("meeting", _l("This meeting should have begun already: choose another day first."))
    if short(meeting) and len(reason) < SHORTEST_REASON:
        raise MeetingError("reason", _l("Say in a few words why it could not be convened earlier: everyone reads it."))
    meeting.convened_at, meeting.short_notice = now, reason if short(meeting) else ""
    meeting.published, meeting.opens_at = True, max(now, meeting.phase.starts_at)
    meeting.opened_event_at = None
    _touch(meeting)
    db.session.flush()
    events.record(MeetingConvened(actor_id=actor.id, activity_id=meeting.id))


def short(meeting: Meeting) -> bool:
    """Whether it is, or would be, convened with less notice than the rules ask for; whole days count."""
    first = clock.local(meeting.convened_at or clock.now()).date()
    return meeting.day - first < NOTICE


def cancel(meeting: Meeting, actor: Person, *, seen: int, reason: str) -> None:
    """Call a meeting off, with the reason that everyone reads. Raises StaleVersionError where somebody was faster."""
    hold(meeting, seen)
    meeting.cancelled_at, meeting.cancelled_reason = clock.now(), reason
    _touch(meeting)
    db.session.flush()
    events.record(MeetingCancelled(actor_id=actor.id, activity_id=meeting.id))


def count(meeting: Meeting, actor: Person, organisations: Iterable[Organisation], *, seen: int, attended: int,
          online: int) -> None:
    """Say how many came and which organisations were there. Raises StaleVersionError where somebody was faster."""
    hold(meeting, seen)
    meeting.attended, meeting.attended_online = attended, online
    meeting.organisations = list(organisations)
    _touch(meeting)
    db.session.flush()
    events.record(MeetingCounted(actor_id=actor.id, activity_id=meeting.id))


def add_document(meeting: Meeting, actor: Person, kept: files.Kept, *, title: str) -> MeetingDocument:
    """Let a file that was checked go with a meeting."""
    document = MeetingDocument(meeting=meeting, token=kept.token, title=title or kept.name, name=kept.name,
                               mimetype=kept.mimetype, size=kept.size)
    db.session.add(document)
    db.session.flush()
    events.record(MeetingDocumentAdded(actor_id=actor.id, activity_id=meeting.id, document_id=document.id))
    return document


def remove_document(document: MeetingDocument, actor: Person) -> None:
    """Take a file away; it goes once this is kept."""
    id, meeting_id = document.id, document.meeting_id
    jobs.after_commit(remove_file, document.token)
    db.session.delete(document)
    db.session.flush()
    events.record(MeetingDocumentRemoved(actor_id=actor.id, activity_id=meeting_id, document_id=id))


@jobs.task
def remove_file(token: str) -> None:
    """Remove a file whose row is gone."""
    if not files.named([token]):
        files.remove(token)


def _touch(meeting: Meeting) -> None:
    meeting.version += 1


def _until(phase: Phase, values: Mapping[str, Any]) -> Any:
    return min(values["ends_at"] + AFTERWARDS, phase.ends_at)


def _check_times(phase: Phase, values: Mapping[str, Any], meeting: Meeting | None = None) -> None:
    begins_at, ends_at = values["begins_at"], values["ends_at"]
    if ends_at <= begins_at:
        raise MeetingError("ends_at", _l("The end must come after the beginning."))
    if not phase.starts_at <= begins_at < ends_at <= phase.ends_at:
        raise MeetingError("begins_at", _l("Choose a day within the phase to which the meeting belongs."))
    if meeting is not None and meeting.begun() and begins_at != meeting.begins_at:
        raise MeetingError("begins_at", _l("The meeting has begun already: its day can no longer move."))


def _check_agenda(meeting: Meeting, agenda: Sequence[Point]) -> None:
    kept = {point.id for point in agenda}
    if any(item.positions for item in meeting.agenda if item.id not in kept):
        raise MeetingError("agenda", _l("Positions were recorded on a point that is no longer here: it has to stay."))


def _write_agenda(meeting: Meeting, agenda: Sequence[Point]) -> bool:
    """Let the agenda be what was typed; answers whether that changed anything."""
    before = {item.id: item for item in meeting.agenda}
    told = [(item.id, item.title, item.text) for item in meeting.agenda]
    items = []
    for position, point in enumerate(agenda, 1):
        item = before.get(point.id or 0) or AgendaItem()
        item.position, item.title, item.text = position, point.title, point.text
        items.append(item)
    meeting.agenda = items
    db.session.flush()
    return [(item.id, item.title, item.text) for item in items] != told
