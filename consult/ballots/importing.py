"""Papers from a file: kept to be looked through, then put into the box whole, let go, or taken out whole again."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.ballots import exchange, queries
from consult.ballots.models import PapersFile
from consult.ballots.services import RefusedError
from consult.core import clock, events, jobs
from consult.core.db import StaleVersionError, db, insert, rows_touched
from consult.methods.interface import Marks
from consult.methods.registry import METHODS
from consult.processes.models import Channel
from consult.voting import services as voting
from consult.voting.holding import RefusedError as NotTakenError
from consult.voting.models import Ballot

KEPT = timedelta(days=7)
"""How long a file that nobody takes stays."""
MOST_PAPERS = 5_000
PORTION = 500


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


@dataclass(frozen=True)
class Line:
    """One kind of paper in a file: how often it is there, and why it is refused, if it is."""

    number: int
    marks: Marks
    place: int | None
    times: int
    refusal: LazyString | None = None


@dataclass(frozen=True)
class LookedThrough:
    """What would become of a file."""

    lines: list[Line]

    @property
    def sound(self) -> list[Line]:
        return [line for line in self.lines if line.refusal is None]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.refusal is not None]

    @property
    def papers(self) -> int:
        """How many papers would go into the box."""
        return sum(line.times for line in self.sound)

    @property
    def refused_papers(self) -> int:
        return sum(line.times for line in self.refused)


def send(ballot: Ballot, person: Person, *, name: str, content: str) -> tuple[PapersFile, bool]:
    """Keep a file, to be looked through, and say whether it is new: the same text is known again.

    Raises RefusedError where it cannot be read, or belongs to another ballot.
    """
    look_through(ballot, content)
    digest = hashlib.sha256(content.encode()).hexdigest()
    row = insert(PapersFile).values(ballot_id=ballot.id, name=name[:120], sha256=digest, content=content,
                                    sent_by_id=person.id)
    new = bool(rows_touched(row.on_conflict_do_nothing()))
    file = db.session.scalars(sa.select(PapersFile).where(
        PapersFile.ballot_id == ballot.id, PapersFile.sha256 == digest)).one()
    if new:
        events.record(PapersFileSent(actor_id=person.id, ballot_id=ballot.id, file_id=file.id))
    return file, new


def look_through(ballot: Ballot, content: str) -> LookedThrough:
    """What would become of a file, paper by paper. Raises RefusedError where it is of no use here at all."""
    came = exchange.read(content)
    method = METHODS[ballot.method]
    if not exchange.is_table(content) and METHODS[came.rules.method].form is not method.form:
        raise RefusedError(_l("The papers in this file are of another kind (%(theirs)s) than those of this ballot "
                              "(%(ours)s).", theirs=METHODS[came.rules.method].title, ours=method.title))
    codes = _codes(ballot, came.rules.codes, came.titles)
    places = _places(ballot, came.places)
    asked = voting.rules(ballot)
    lines = []
    for number, paper in enumerate(came.papers, 1):
        unknown = [code for code in paper.marks if code not in codes]
        marks = {codes[code]: mark for code, mark in paper.marks.items() if code in codes}
        refusal = (_l("It marks an option that this ballot does not have: %(codes)s.", codes=", ".join(unknown[:5]))
                   if unknown else method.fault(asked, marks))
        lines.append(Line(number, marks, places.get(paper.place), paper.times, refusal))
    found = LookedThrough(lines)
    if found.papers > MOST_PAPERS:
        raise RefusedError(_l("These are more than %(most)s papers: send them in several files.", most=MOST_PAPERS))
    return found


def _codes(ballot: Ballot, theirs: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    """The codes of our options by those in the file: by their title, or else by the code itself."""
    by_title = {_folded(title): option.code for option in ballot.options for title in option.title.values()}
    own = {option.code for option in ballot.options}
    found = {code: by_title.get(_folded(titles.get(code, "")), code) for code in theirs}
    return {code: ours for code, ours in found.items() if ours in own}


def _places(ballot: Ballot, names: Mapping[int, str]) -> dict[int | None, int]:
    """The ids of our municipalities by the numbers in the file, which names them by name or ISTAT code."""
    known = {_folded(word): town.id for town in queries.towns(ballot.phase.process)
             for word in (town.name, town.istat_code)}
    return {number: known[_folded(name)] for number, name in names.items() if _folded(name) in known}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def take(file: PapersFile, person: Person, *, expected: int) -> int:
    """Put every sound paper of a file into the box in one act; answers how many.

    Raises StaleVersionError, and takes nothing, where it was taken or let go, or no longer so many are sound as whoever
    confirms has seen; RefusedError once the ballot has closed.
    """
    held = _held(file)
    if held is None or held.taken_at is not None:
        raise StaleVersionError(0)
    sound = look_through(held.ballot, held.content).sound
    if not sound or sum(line.times for line in sound) != expected:
        raise StaleVersionError(expected)
    try:
        number = voting.put_papers(held.ballot, _tagged(held.seed, sound), channel=Channel.IMPORTED)
    except NotTakenError as refusal:
        raise RefusedError(refusal.reason) from refusal
    held.content, held.taken, held.taken_at = "", number, clock.now()
    db.session.flush()
    events.record(PapersFileTaken(actor_id=person.id, ballot_id=held.ballot_id, file_id=held.id, papers=number))
    return number


def _tagged(seed: str, lines: Sequence[Line]) -> Iterator[tuple[str, Marks, int | None]]:
    papers = (line for line in lines for _time in range(line.times))
    for number, line in enumerate(papers):
        yield tag(seed, number), line.marks, line.place


def tag(seed: str, number: int) -> str:
    """The tag of the paper with this number in a file: nobody's, and as long as that of a person."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:32]


def undo(file: PapersFile, person: Person) -> int:
    """Take all papers of a file out of the box, and forget it, so that it can be sent again; answers how many.

    Raises StaleVersionError where that was done already, RefusedError once the ballot has closed.
    """
    held = _held(file)
    if held is None or held.taken_at is None:
        raise StaleVersionError(0)
    ballot, tags, out = held.ballot, iter([tag(held.seed, number) for number in range(held.taken)]), 0
    try:
        while portion := list(islice(tags, PORTION)):
            out += voting.take_out(ballot, portion)
    except NotTakenError as refusal:
        raise RefusedError(refusal.reason) from refusal
    events.record(PapersFileUndone(actor_id=person.id, ballot_id=ballot.id, file_id=held.id, papers=out))
    db.session.delete(held)
    db.session.flush()
    return out


def let_go(file: PapersFile, person: Person) -> None:
    """Erase a file that was not taken. Raises StaleVersionError where it was taken meanwhile."""
    if not rows_touched(sa.delete(PapersFile).where(PapersFile.id == file.id, PapersFile.taken_at.is_(None))
                        .execution_options(synchronize_session="fetch")):
        raise StaleVersionError(file.id)
    events.record(PapersFileLetGo(actor_id=person.id, ballot_id=file.ballot_id, file_id=file.id))


@jobs.every_minute
def forget() -> None:
    """Erase the files that nobody took."""
    db.session.execute(sa.delete(PapersFile).where(
        PapersFile.taken_at.is_(None), PapersFile.sent_at < clock.now() - KEPT)
        .execution_options(synchronize_session=False))


def _held(file: PapersFile) -> PapersFile | None:
    """The file as it now is, held until the transaction ends."""
    return db.session.scalar(sa.select(PapersFile).where(PapersFile.id == file.id).with_for_update()
                             .execution_options(populate_existing=True))
