"""Answers from a file: kept to be looked through, then taken whole as a batch, or let go."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import LazyString

from consult.accounts.models import Person
from consult.core import events, jobs, waiting
from consult.core.db import StaleVersionError, db, table
from consult.core.spreadsheet import SheetError
from consult.entry import files
from consult.entry.files import Line, Row
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.entry.services import WHERE, EntryStarted, Keyed
from consult.processes.models import Channel
from consult.surveys import services as surveys
from consult.surveys.answers import BadAnswerError
from consult.surveys.models import Survey


class LineNotTakenError(Exception):
    """A line was refused while the file was taken: nothing was written. The sentence says why."""

    def __init__(self, number: int, sentence: str | LazyString) -> None:
        super().__init__(number)
        self.number, self.sentence = number, sentence


@dataclass(frozen=True, kw_only=True)
class EntryFileSent(events.Event):
    """Somebody sent a file with answers; nothing of it counts yet."""

    survey_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class EntryFileTaken(events.Event):
    file_id: int
    batch_id: int
    submissions: int


@dataclass(frozen=True, kw_only=True)
class EntryFileLetGo(events.Event):
    """What stood in a file that was not taken was erased."""

    survey_id: int
    file_id: int


def send(survey: Survey, person: Person, *, name: str, rows: Sequence[Row]) -> tuple[EntryFile, bool]:
    """Keep what stands in a file, to be looked through, and say whether it is new.

    The same cells are known again, whoever sends them and however the file is called. What stands in columns that
    belong to nothing that is asked is not kept. Raises SheetError where its heading cannot be used.
    """
    cells = [_without_empty_end(row) for row in rows]
    file, new = waiting.keep(
        EntryFile, {"survey_id": survey.id, "sha256": waiting.digest(cells)}, name=name[:120],
        rows=files.without_rest(survey, cells), sent_by_id=person.id)
    if new:
        events.record(EntryFileSent(actor_id=person.id, survey_id=survey.id, file_id=file.id))
    return file, new


def take(file: EntryFile, person: Person, *, channel: Channel, note: str, expected: int) -> EntryBatch:
    """Make a batch of every sound line of a file in one act; those that are refused change nothing.

    Raises StaleVersionError, and takes nothing, where it was taken or let go, or no longer so many lines are sound as
    whoever confirms has seen; LineNotTakenError where meanwhile enough answers came.
    """
    survey, sound = file.survey, _sound(file)
    if not sound or len(sound) != expected:
        raise StaleVersionError(expected)
    batch = EntryBatch(survey=survey, channel=channel, twice=False, from_file=True, note=note or file.name,
                       made_by_id=person.id)
    db.session.add(batch)
    db.session.flush()
    events.record(EntryStarted(actor_id=person.id, survey_id=survey.id, batch_id=batch.id, channel=channel.value,
                               twice=False))
    db.session.execute(sa.insert(table(EntrySheet)), [
        {"batch_id": batch.id, "number": line.number, "first": {}, "first_by_id": person.id, "second": {},
         "submission_id": _answered(survey, line.number, line.said or {}, channel)} for line in sound])
    file.rows, file.batch = [], batch
    db.session.flush()
    events.record(EntryFileTaken(actor_id=person.id, file_id=file.id, batch_id=batch.id, submissions=len(sound)))
    return batch


def let_go(file: EntryFile, person: Person) -> None:
    """Erase a file that was not taken. Raises StaleVersionError where it was taken meanwhile."""
    survey_id, file_id = file.survey_id, file.id
    waiting.let_go(file, EntryFile.batch_id.is_(None))
    events.record(EntryFileLetGo(actor_id=person.id, survey_id=survey_id, file_id=file_id))


@jobs.every_minute
def forget() -> None:
    """Erase the files that nobody took."""
    waiting.forget(EntryFile, EntryFile.batch_id.is_(None))


def _sound(file: EntryFile) -> list[Line]:
    """The sound lines of a file that waits, which is held until the transaction ends."""
    held = waiting.held(file)
    if held is None or held.batch_id is not None:
        raise StaleVersionError(0)
    try:
        return files.read(held.survey, held.rows).sound
    except SheetError as fault:  # the questions have changed since it was sent
        raise StaleVersionError(0) from fault


def _answered(survey: Survey, number: int, said: Keyed, channel: Channel) -> str:
    try:
        return surveys.answer(survey, None, municipality_id=said[WHERE], given=said["answers"], channel=channel)
    except surveys.NotOpenError as fault:
        raise LineNotTakenError(number, fault.reason) from fault
    except BadAnswerError as fault:  # the questions have changed at the same instant
        raise StaleVersionError(0) from fault


def _without_empty_end(row: Row) -> list[str]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
