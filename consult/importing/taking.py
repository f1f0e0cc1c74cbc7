"""Conversations from files: kept to be looked through, then made whole, let go, or taken back again."""

from dataclasses import dataclass
from datetime import datetime

from consult.accounts.models import Person
from consult.core import events, jobs, waiting
from consult.core.db import StaleVersionError, db
from consult.importing import polis
from consult.importing.models import ConversationFile
from consult.importing.reading import Reading
from consult.opinions.models import Conversation
from consult.processes.models import Phase, Process


@dataclass(frozen=True, kw_only=True)
class ConversationFileSent(events.Event):
    """Somebody sent the files of a conversation; nothing of it can be seen yet."""

    process_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationFileLetGo(events.Event):
    """What stood in a file that was not taken was erased."""

    process_id: int
    file_id: int


def send(process: Process, person: Person, found: Reading) -> tuple[ConversationFile, bool]:
    """Keep what was read, to be looked through, and say whether it is new: the same conversation is known again."""
    record = found.record()
    file, new = waiting.keep(
        ConversationFile, {"process_id": process.id, "sha256": waiting.digest([record["remarks"], record["votes"]])},
        name=found.topic[:120], content=record, sent_by_id=person.id)
    if new:
        events.record(ConversationFileSent(actor_id=person.id, process_id=process.id, file_id=file.id))
    return file, new


def take(file: ConversationFile, person: Person, phase: Phase, *, title: str, language: str,
         until: datetime | None = None) -> Conversation:
    """Make the conversation in one act; lines that are refused change nothing.

    Raises StaleVersionError where it was taken or let go meanwhile.
    """
    held = waiting.held(file)
    if held is None or held.conversation_id is not None:
        raise StaleVersionError(0)
    conversation = polis.bring(Reading.of(held.content), phase, person, name=f"file-{held.id}", title=title,
                               language=language, until=until)
    held.content, held.conversation_id = {}, conversation.id
    db.session.flush()
    return conversation


def undo(file: ConversationFile, person: Person) -> None:
    """Take the conversation back with all that was made of the file, which can be sent again then.

    Raises StaleVersionError where that was done already, ImportRefusedError where people have taken part since.
    """
    held = waiting.held(file)
    conversation = db.session.get(Conversation, held.conversation_id) if held and held.conversation_id else None
    if held is None or conversation is None:
        raise StaleVersionError(0)
    db.session.expunge(held)
    polis.undo(conversation, person)


def let_go(file: ConversationFile, person: Person) -> None:
    """Erase a file that was not taken. Raises StaleVersionError where it was taken meanwhile."""
    process_id, file_id = file.process_id, file.id
    waiting.let_go(file, ConversationFile.conversation_id.is_(None))
    events.record(ConversationFileLetGo(actor_id=person.id, process_id=process_id, file_id=file_id))


@jobs.every_minute
def forget() -> None:
    """Erase the files that nobody took."""
    waiting.forget(ConversationFile, ConversationFile.conversation_id.is_(None))
