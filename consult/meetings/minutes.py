"""Writing minutes, sending them round for corrections, answering these, approving; and notes once they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events, richtext
from consult.core.db import StaleVersionError, db, hold
from consult.core.personal_words import Alarm, alarm, apart, reaching, titled
from consult.governance import names
from consult.meetings.models import Meeting, Minutes, MinutesCorrection, MinutesNote, MinutesState
from consult.meetings.services import MeetingError

TERM = timedelta(days=7)
"""For how long those who sit at the table can send corrections."""
SHORTEST = 40
"""Characters of the shortest minutes."""
CERTAIN = frozenset({"mail", "phone", "tax_code"})
"""What is a personal datum wherever it stands; what looks like a name may be that of a place."""


class PersonalWordsError(ValueError):
    """Minutes hold words that tell who somebody is: `alarms`."""

    def __init__(self, alarms: list[Alarm]) -> None:
        super().__init__(", ".join(one.words for one in alarms))
        self.alarms = alarms


@dataclass(frozen=True, kw_only=True)
class MinutesWritten(events.Event):
    minutes_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class MinutesCirculated(events.Event):
    minutes_id: int


@dataclass(frozen=True, kw_only=True)
class CorrectionSent(events.Event):
    correction_id: int
    minutes_id: int


@dataclass(frozen=True, kw_only=True)
class CorrectionAnswered(events.Event):
    correction_id: int
    minutes_id: int
    taken: bool


@dataclass(frozen=True, kw_only=True)
class MinutesApproved(events.Event):
    minutes_id: int


@dataclass(frozen=True, kw_only=True)
class MinutesNoteAdded(events.Event):
    note_id: int
    minutes_id: int


def write(meeting: Meeting, actor: Person, *, body: str, seen: int) -> Minutes:
    """Keep what was written so far; `seen` is 0 where nothing was written before.

    Raises StaleVersionError where somebody was faster; nothing is changed then.
    """
    db.session.refresh(meeting, ["version"], with_for_update=True)  # the first of two begins them
    db.session.refresh(meeting, ["minutes"])
    minutes = meeting.minutes
    if minutes is None:
        if seen:
            raise StaleVersionError(seen)
        minutes = Minutes(meeting=meeting, version=0)
        db.session.add(minutes)
    else:
        hold(minutes, seen)
        _standing(minutes)
    minutes.body, minutes.body_html = body, richtext.render_staff(body)
    minutes.version, minutes.updated_at = minutes.version + 1, clock.now()
    db.session.flush()
    events.record(MinutesWritten(actor_id=actor.id, minutes_id=minutes.id, version=minutes.version))
    return minutes


def circulate(minutes: Minutes, actor: Person, *, seen: int, harmless: bool = False) -> None:
    """Have those who sit at the table read the minutes, and send corrections for a week.

    Raises MeetingError where there is nothing to read yet, PersonalWordsError where they tell who somebody is.
    `harmless` says that somebody looked at what seems to be names, and that none is a person's.
    """
    hold(minutes, seen)
    if minutes.state is not MinutesState.DRAFT:
        raise StaleVersionError(seen)
    if len(minutes.body.strip()) < SHORTEST:
        raise MeetingError("harmless", _l("Write the minutes first."))
    _check(minutes, harmless=harmless)
    now = clock.now()
    minutes.state, minutes.circulated_at, minutes.corrections_until = MinutesState.CIRCULATED, now, now + TERM
    minutes.version += 1
    db.session.flush()
    events.record(MinutesCirculated(actor_id=actor.id, minutes_id=minutes.id))


def send_correction(minutes: Minutes, person: Person, *, text: str, organisation_id: int | None) -> MinutesCorrection:
    """Say what the minutes should say otherwise, for oneself or for an organisation that sits at the table."""
    correction = MinutesCorrection(minutes=minutes, written_by_id=person.id, organisation_id=organisation_id, text=text)
    db.session.add(correction)
    db.session.flush()
    events.record(CorrectionSent(actor_id=person.id, correction_id=correction.id, minutes_id=minutes.id))
    return correction


def answer(correction: MinutesCorrection, actor: Person, *, seen: int, taken: bool, text: str) -> None:
    """Say whether the minutes follow a correction, and why; or say so otherwise than before.

    Raises StaleVersionError where somebody was faster.
    """
    _standing(correction.minutes)
    hold(correction, seen)
    correction.taken, correction.answer, correction.answered_at = taken, text, clock.now()
    correction.version += 1
    db.session.flush()
    events.record(CorrectionAnswered(actor_id=actor.id, correction_id=correction.id,
                                     minutes_id=correction.minutes_id, taken=taken))


def approve(minutes: Minutes, actor: Person, *, seen: int, harmless: bool = False) -> None:
    """Make minutes public for good. Raises as `circulate`, and MeetingError while corrections wait or may come."""
    hold(minutes, seen)
    db.session.refresh(minutes, ["corrections"])
    if minutes.state is not MinutesState.CIRCULATED:
        raise StaleVersionError(seen)
    if minutes.takes_corrections() or minutes.unanswered:
        raise MeetingError("harmless", _l("Corrections wait for an answer, or can still come."))
    _check(minutes, harmless=harmless)
    minutes.state, minutes.approved_at = MinutesState.APPROVED, clock.now()
    minutes.version += 1
    db.session.flush()
    events.record(MinutesApproved(actor_id=actor.id, minutes_id=minutes.id))


def annotate(minutes: Minutes, actor: Person, *, text: str, harmless: bool = False) -> MinutesNote:
    """Put something right below approved minutes, with its day. Raises PersonalWordsError as `circulate`."""
    _refuse(alarms({str(_l("The note")): text}, minutes.process_id, spared=_contacts(minutes)), harmless=harmless)
    note = MinutesNote(minutes=minutes, text=text, html=richtext.render_staff(text))
    db.session.add(note)
    db.session.flush()
    events.record(MinutesNoteAdded(actor_id=actor.id, note_id=note.id, minutes_id=minutes.id))
    return note


def begun(meeting: Meeting) -> str:
    """What minutes begin from: the points of the agenda, each with its heading."""
    return "\n\n".join(f"# {number}. {item.title}\n\n" for number, item in enumerate(meeting.agenda, 1)).strip()


def found_in(minutes: Minutes) -> list[Alarm]:
    """What in the minutes and beside them tells who somebody is, by place."""
    texts = {str(_l("The minutes")): minutes.body}
    for item in minutes.meeting.agenda:
        texts[str(_l("Agenda: %(title)s", title=item.title))] = f"{item.title}\n{item.text}"
        for one in item.positions:
            texts[str(_l("Position of %(name)s on “%(title)s”", name=one.called, title=item.title))] = "\n".join(
                filter(None, (one.name, one.note)))
    return alarms(texts, minutes.process_id, spared=_contacts(minutes))


def alarms(texts: dict[str, str], process_id: int, *, spared: Collection[str] = ()) -> list[Alarm]:
    """What in these texts, by place, tells who somebody is; addresses of the authority are for everybody."""
    named = names.named(texts, process_id)
    found = [alarm(place, text, spot) for place, text in texts.items()
             for spot in apart([*reaching(text), *titled(text), *named[place]])]
    return [one for one in found if one.words.casefold() not in spared]


def _contacts(minutes: Minutes) -> set[str]:
    authority = minutes.process.authority
    return {contact.casefold() for contact in (authority.email, authority.pec) if contact}


def _check(minutes: Minutes, *, harmless: bool) -> None:
    _refuse(found_in(minutes), harmless=harmless)


def _refuse(found: list[Alarm], *, harmless: bool) -> None:
    if harmless:
        found = [one for one in found if one.sort in CERTAIN]
    if found:
        raise PersonalWordsError(found)


def _standing(minutes: Minutes) -> None:
    if minutes.approved:
        raise StaleVersionError(minutes.version)
