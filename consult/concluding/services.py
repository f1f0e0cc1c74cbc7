"""Writing the document part by part, recording its passages, and saying of an alarm that it is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.concluding import queries, scanning, snapshots
from consult.concluding.models import (
    SHORTEST,
    Act,
    DocumentPart,
    DocumentPassage,
    HarmlessMark,
    Part,
    ParticipatoryProposalDocument,
    Stage,
)
from consult.concluding.passages import NEXT, WHOLE, WITH_PROTOCOL, WRITABLE
from consult.concluding.readiness import Whole
from consult.core import clock, events
from consult.core.db import StaleVersionError, db, hold, insert
from consult.core.personal_words import Alarm
from consult.processes.models import Process
from consult.results.services import fingerprint

LOCKED = _l("The document is not being written now: what the table checked or what was sent does not change. Open it "
            "again, or record that it was returned, to write on.")
DECIDED = _l("The deciding body has decided: the draft of its resolution does not change any more.")


class ConcludingError(ValueError):
    """What cannot be done as things stand: `field` is what to put right, `sentence` says why and how."""

    def __init__(self, field: str, sentence: LazyString) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, kw_only=True)
class DocumentPartSaved(events.Event):
    document_id: int
    part: str
    version: int


@dataclass(frozen=True, kw_only=True)
class DocumentPassed(events.Event):
    """A passage was recorded; `sha256` is the fingerprint of what was kept with it."""

    document_id: int
    number: int
    act: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class HarmlessMarked(events.Event):
    """`harmless` is False where an earlier mark was taken back."""

    document_id: int
    mark_id: int
    harmless: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a passage leaves in the record."""

    dated: date
    protocol: str = ""
    resolution: str = ""
    body: str = ""
    note: str = ""


def save(process: Process, part: Part, person: Person, texts: Mapping[str, str], *, seen: int) -> DocumentPart:
    """Keep a part as it was written; `seen` is 0 where nothing of it was written before.

    Raises StaleVersionError where somebody was faster, ConcludingError where it cannot be written now; nothing is
    changed then.
    """
    document = _document(process)
    db.session.refresh(document, with_for_update=True)  # no passage is made meanwhile
    if refusal := closed(process, part):
        raise ConcludingError("", refusal)
    saved = queries.part(process, part)
    if saved is None and seen == 0:
        saved = DocumentPart(document_id=document.id, part=part, version=0)
        db.session.add(saved)
    elif saved is None:
        raise StaleVersionError(seen)
    else:
        hold(saved, seen)
    saved.texts, saved.version = dict(texts), seen + 1
    saved.updated_at, saved.edited_by_id = clock.now(), person.id
    db.session.flush()
    events.record(DocumentPartSaved(actor_id=person.id, document_id=document.id, part=part.value,
                                    version=saved.version))
    return saved


def closed(process: Process, part: Part) -> LazyString | None:
    """Why a part cannot be written now, and what to do; None where it can."""
    document = queries.bare(process)
    if document is None:
        return None
    if part is Part.RESOLUTION:
        return DECIDED if document.stage is Stage.NOTED else None
    return None if document.stage in WRITABLE else LOCKED


def _document(process: Process) -> ParticipatoryProposalDocument:
    """The document of a percorso, begun where there is none; two who begin at once begin the same."""
    row = insert(ParticipatoryProposalDocument).values(process_id=process.id)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["process_id"]))
    document = queries.of(process)
    if document is None:
        raise LookupError(f"no document of percorso {process.id}")
    return document


def pass_on(process: Process, act: Act, person: Person, facts: Facts, *, seen: int) -> DocumentPassage:
    """Record a passage, with the document as it is then.

    Raises StaleVersionError where another passage was made since the page was opened, ConcludingError where it
    cannot follow, where something is missing, or where what it leaves in the record is incomplete.
    """
    document = queries.of(process)
    if document is None:
        raise ConcludingError("", _l("Nothing is written yet: begin with the first part."))
    hold(document, seen)
    whole = Whole(process)
    if refusal := whole.refusal(act):
        raise ConcludingError("", refusal)
    if lacking := whole.hindrances(act):
        raise ConcludingError("", _l("Something is still missing: %(what)s. The page says what.",
                                     what=", ".join(str(one.label) for one in lacking)))
    _check(act, facts, whole)
    fresh = act in WHOLE and document.stage in WRITABLE
    content = snapshots.as_json(whole.content) if fresh else queries.kept(document)
    passage = DocumentPassage(
        document_id=document.id, number=len(whole.passages) + 1, act=act, dated=facts.dated, content=content,
        protocol=facts.protocol if act in WITH_PROTOCOL else "", sha256=fingerprint(content),
        resolution=facts.resolution if act is Act.NOTE else "", body=facts.body if act is Act.NOTE else "",
        note=facts.note if act is Act.RETURN else "", made_by_id=person.id)
    db.session.add(passage)
    document.stage = NEXT[document.stage, act]
    document.version += 1
    db.session.flush()
    events.record(DocumentPassed(actor_id=person.id, document_id=document.id, number=passage.number, act=act.value,
                                 sha256=passage.sha256))
    return passage


def _check(act: Act, facts: Facts, whole: Whole) -> None:
    """What a passage needs in the record."""
    before = whole.passages[-1].dated if whole.passages else None
    if facts.dated > clock.today():
        raise ConcludingError("dated", _l("This day is still to come: record it once it has happened."))
    if before and facts.dated < before:
        raise ConcludingError("dated", _l("The passage before this one was later: look at the day again."))
    if act is Act.SEND and not facts.protocol.strip():
        raise ConcludingError("protocol", _l("Write the number under which the letter was registered."))
    if act is Act.RETURN and len(facts.note.strip()) < SHORTEST:
        raise ConcludingError("note", _l("Write in a sentence at least with which remarks it came back."))
    if act is Act.NOTE and not facts.resolution.strip():
        raise ConcludingError("resolution", _l("Write the number of the act."))
    if act is Act.NOTE and not facts.body.strip():
        raise ConcludingError("body", _l("Write which body decided."))
    for name in ("protocol", "resolution", "body"):
        if found := scanning.alarms({name: getattr(facts, name)}, whole.process.id):
            raise ConcludingError(name, _l("This is public and names a person: “%(words)s”. Leave it out.",
                                           words=found[0].words))


def mark(process: Process, alarm: Alarm, person: Person, *, reason: str, harmless: bool) -> HarmlessMark:
    """Say of words that were found that they are no personal datum, or take that back; both stay in the record.

    Raises ConcludingError where the reason is less than a sentence.
    """
    if len(reason.strip()) < SHORTEST:
        raise ConcludingError("reason", _l("Say in a sentence at least why: it stays in the record."))
    made = HarmlessMark(
        document_id=_document(process).id, place=alarm.place, sort=alarm.sort, words=alarm.words,
        reason=reason.strip(), harmless=harmless, marked_by_id=person.id)
    db.session.add(made)
    db.session.flush()
    events.record(HarmlessMarked(actor_id=person.id, document_id=made.document_id, mark_id=made.id,
                                 harmless=harmless))
    return made
