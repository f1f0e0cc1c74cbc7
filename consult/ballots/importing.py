"""Papers from a file: kept to be looked through, then put into the box whole, let go, or taken out whole again."""

import hashlib
from dataclasses import dataclass

from consult.accounts.models import Person
from consult.ballots import looking, moving
from consult.ballots.models import PapersFile
from consult.core import clock, events, jobs, waiting
from consult.core.db import StaleVersionError
from consult.voting.models import Ballot


@dataclass(frozen=True, kw_only=True)
class PapersFileSent(events.Event):
    """Somebody sent a file with papers; nothing of it counts yet."""

    ballot_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class PapersFileTaken(events.Event):
    ballot_id: int
    file_id: int
    papers: int


@dataclass(frozen=True, kw_only=True)
class PapersFileLetGo(events.Event):
    """What stood in a file that was not taken was erased."""

    ballot_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class PapersFileUndone(events.Event):
    """All papers of a file were taken out of the box."""

    ballot_id: int
    file_id: int
    papers: int


def send(ballot: Ballot, person: Person, *, name: str, content: str) -> tuple[PapersFile, bool]:
    """Keep a file, to be looked through, and say whether it is new: the same text is known again.

    Raises RefusedError where it cannot be read, or belongs to another ballot.
    """
    looking.look_through(ballot, content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    file, new = waiting.keep(PapersFile, {"ballot_id": ballot.id, "sha256": digest}, name=name[:120],
                             content=content, sent_by_id=person.id)
    if new:
        events.record(PapersFileSent(actor_id=person.id, ballot_id=ballot.id, file_id=file.id))
    return file, new


def take(file: PapersFile, person: Person, *, expected: int) -> int:
    """Have every sound paper of a file put into the box; answers how many. Many are put there behind the page.

    Raises StaleVersionError, and takes nothing, where it was taken or let go, or no longer so many are sound as whoever
    confirms has seen; RefusedError once the ballot has closed, or where it closes before many could be put there.
    """
    held = waiting.held(file)
    if held is None or held.taken_at is not None:
        raise StaleVersionError(0)
    number = looking.look_through(held.ballot, held.content).papers
    if not number or number != expected:
        raise StaleVersionError(expected)
    moving.demand_time(held.ballot, number)
    held.goal, held.taken_at = number, clock.now()
    events.record(PapersFileTaken(actor_id=person.id, ballot_id=held.ballot_id, file_id=held.id, papers=number))
    moving.begin(held, number)
    return number


def undo(file: PapersFile, person: Person) -> int:
    """Have all papers of a file taken out of the box, and forget it, so that it can be sent again; answers how many.

    Raises StaleVersionError where that was done already, RefusedError as `take`.
    """
    held = waiting.held(file)
    if held is None or not held.goal:
        raise StaleVersionError(0)
    number: int = held.taken
    moving.demand_time(held.ballot, number)
    held.goal = 0
    events.record(PapersFileUndone(actor_id=person.id, ballot_id=held.ballot_id, file_id=held.id, papers=number))
    moving.begin(held, number)
    return number


def let_go(file: PapersFile, person: Person) -> None:
    """Erase a file that was not taken. Raises StaleVersionError where it was taken meanwhile."""
    waiting.let_go(file, PapersFile.taken_at.is_(None))
    events.record(PapersFileLetGo(actor_id=person.id, ballot_id=file.ballot_id, file_id=file.id))


@jobs.every_minute
def forget() -> None:
    """Erase the files that nobody took."""
    waiting.forget(PapersFile, PapersFile.taken_at.is_(None))
