"""Copying sheets of paper: two people key each, and it becomes a submission once they agree."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched, table
from consult.entry import queries
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.processes.models import Channel
from consult.surveys import removing
from consult.surveys import services as surveys
from consult.surveys.answers import BadAnswerError
from consult.surveys.models import Survey

WHERE = "municipality"
"""Stands among codes of questions for where whoever filled in the sheet lives: no question has this code twice."""

Keyed = Mapping[str, Any]
"""What stands on a sheet: see EntrySheet."""


class Came(enum.Enum):
    """What came of keying a sheet."""

    FIRST = "first"
    TAKEN = "taken"
    DIFFERENT = "different"


class SheetRefusedError(Exception):
    """The sheet cannot be keyed by this person; the sentence says why. Nothing was written."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("refused")
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class EntryStarted(events.Event):
    survey_id: int
    batch_id: int
    channel: str
    twice: bool


@dataclass(frozen=True, kw_only=True)
class SheetKeyed(events.Event):
    """Somebody copied a sheet; what stands on it is not said."""

    batch_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class SheetTaken(events.Event):
    batch_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class SheetDropped(events.Event):
    """What was keyed of a sheet was let go, to be keyed anew."""

    batch_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class EntryUndone(events.Event):
    batch_id: int
    submissions: int


def start(survey: Survey, person: Person, *, channel: Channel, twice: bool, note: str = "") -> EntryBatch:
    """Begin a batch of sheets."""
    batch = EntryBatch(survey=survey, channel=channel, twice=twice, note=note, made_by_id=person.id)
    db.session.add(batch)
    db.session.flush()
    events.record(EntryStarted(actor_id=person.id, survey_id=survey.id, batch_id=batch.id, channel=channel.value,
                               twice=twice))
    return batch


def refusal(batch: EntryBatch, number: int, person: Person) -> LazyString | None:
    """Why a sheet cannot be keyed by somebody; None where it can."""
    sheet = queries.sheet(batch.id, number)
    if sheet is None:
        return None
    if sheet.submission_id is not None:
        return _l("Sheet %(number)d was taken already: if this is another one, give it another number.", number=number)
    if sheet.second_by_id is not None:
        return _l("Two people have keyed sheet %(number)d and it waits to be compared.", number=number)
    if sheet.first_by_id == person.id:
        return _l("You keyed sheet %(number)d the first time: somebody else must key it again.", number=number)
    return None


def key(batch: EntryBatch, number: int, person: Person, said: Keyed) -> Came:
    """Keep what somebody keyed of a sheet; it is taken where one keying is enough, or the second is like the first.

    Raises SheetRefusedError and surveys.NotOpenError.
    """
    _hold(batch)
    row = insert(EntrySheet).values(batch_id=batch.id, number=number, first=dict(said), second={},
                                    first_by_id=person.id)
    came = Came.FIRST
    if not rows_touched(row.on_conflict_do_nothing()):
        _key_again(batch, number, person, said)
        came = Came.DIFFERENT
    sheet = _found(batch, number)
    events.record(SheetKeyed(actor_id=person.id, batch_id=batch.id, number=number))
    if not batch.twice or sheet.first == sheet.second:
        _take(sheet, person, sheet.first)
        return Came.TAKEN
    return came


def settle(sheet: EntrySheet, person: Person, *, second: Collection[str]) -> None:
    """Take a sheet on which two people differ: of these questions what was keyed second, of the others the first.

    Raises SheetRefusedError where it waits no longer, and what taking it raises.
    """
    _hold(sheet.batch)
    db.session.refresh(sheet, ["first", "second", "second_by_id", "submission_id"])
    if not sheet.differs:
        raise SheetRefusedError(_l("Somebody has compared this sheet meanwhile."))
    _take(sheet, person, chosen(sheet, second))


def chosen(sheet: EntrySheet, second: Collection[str]) -> Keyed:
    """What stands on a sheet when of these questions the second keying is right."""
    one, other = sheet.first["answers"], sheet.second["answers"]
    answers = {code: (other if code in second else one).get(code) for code in {**one, **other}}
    return {WHERE: (sheet.second if WHERE in second else sheet.first)[WHERE],
            "answers": {code: given for code, given in answers.items() if given is not None}}


def drop(sheet: EntrySheet, person: Person) -> None:
    """Let go of what was keyed of a sheet that was not taken: two people key it anew."""
    _hold(sheet.batch)
    gone = sa.delete(EntrySheet).where(EntrySheet.batch_id == sheet.batch_id, EntrySheet.number == sheet.number,
                                       EntrySheet.submission_id.is_(None))
    if not rows_touched(gone.execution_options(synchronize_session="fetch")):
        raise SheetRefusedError(_l("Somebody has compared this sheet meanwhile."))
    events.record(SheetDropped(actor_id=person.id, batch_id=sheet.batch_id, number=sheet.number))


def undo(batch: EntryBatch, person: Person) -> int:
    """Remove everything that came of a batch, as if it had never been; answers how many submissions that were."""
    _hold(batch)
    ids = list(db.session.scalars(sa.select(EntrySheet.submission_id).where(
        EntrySheet.batch_id == batch.id, EntrySheet.submission_id.is_not(None))))
    db.session.execute(sa.delete(EntrySheet).where(EntrySheet.batch_id == batch.id)
                       .execution_options(synchronize_session="fetch"))
    db.session.execute(sa.delete(EntryFile).where(EntryFile.batch_id == batch.id)
                       .execution_options(synchronize_session="fetch"))  # it can be sent again
    removed = removing.remove(batch.survey, [id for id in ids if id])
    batch.undone_at, batch.undone_by_id = clock.now(), person.id
    db.session.flush()
    events.record(EntryUndone(actor_id=person.id, batch_id=batch.id, submissions=removed))
    return removed


def _hold(batch: EntryBatch) -> None:
    """Keep a batch as it is until the transaction ends; one that was undone takes nothing more."""
    db.session.refresh(batch, ["undone_at"], with_for_update=True)
    if batch.undone_at is not None:
        raise SheetRefusedError(_l("This batch was undone."))


def _key_again(batch: EntryBatch, number: int, person: Person, said: Keyed) -> None:
    own = table(EntrySheet)
    again = sa.update(own).where(
        own.c.batch_id == batch.id, own.c.number == number, own.c.second_by_id.is_(None),
        own.c.submission_id.is_(None), own.c.first_by_id != person.id)
    if not batch.twice or not rows_touched(again.values(second=dict(said), second_by_id=person.id)):
        raise SheetRefusedError(refusal(batch, number, person) or _l("This sheet was keyed already."))


def _found(batch: EntryBatch, number: int) -> EntrySheet:
    return db.session.get_one(EntrySheet, (batch.id, number), populate_existing=True)


def _take(sheet: EntrySheet, person: Person, said: Keyed) -> None:
    """Make a submission of a sheet; what was keyed of it is then kept nowhere else."""
    try:
        sheet.submission_id = surveys.answer(sheet.batch.survey, None, municipality_id=said[WHERE],
                                             given=said["answers"], channel=sheet.batch.channel)
    except BadAnswerError as fault:
        raise SheetRefusedError(_l("The questions were changed while this sheet was being copied: copy it once more, "
                                   "from the questions as they are asked now.")) from fault
    sheet.first, sheet.second = {}, {}
    db.session.flush()
    events.record(SheetTaken(actor_id=person.id, batch_id=sheet.batch_id, number=sheet.number))
