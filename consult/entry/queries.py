"""Batches of answers and how far they are, and files that wait."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from consult.core.db import db
from consult.entry.models import EntryBatch, EntryFile, EntrySheet
from consult.processes.models import Phase
from consult.surveys import queries as surveys
from consult.surveys.models import Survey


@dataclass(frozen=True)
class Progress:
    """How many sheets of a batch were keyed once and wait for another, differ, or were taken."""

    once: int = 0
    differ: int = 0
    taken: int = 0


def batch(id: int) -> EntryBatch | None:
    """A batch with its questionnaire and percorso."""
    return db.session.scalar(sa.select(EntryBatch).where(EntryBatch.id == id).options(
        joinedload(EntryBatch.survey).joinedload(Survey.phase).joinedload(Phase.process)))


def keyed(id: int, number: int) -> EntrySheet | None:
    """A sheet of a batch with its questionnaire and questions."""
    found = sheet(id, number)
    if found is not None:
        surveys.survey(found.batch.survey_id)
    return found


def sheet(batch_id: int, number: int) -> EntrySheet | None:
    """A sheet of a batch, as it is now."""
    return db.session.scalar(
        sa.select(EntrySheet).where(EntrySheet.batch_id == batch_id, EntrySheet.number == number)
        .options(joinedload(EntrySheet.batch).joinedload(EntryBatch.survey)).execution_options(populate_existing=True))


def batches(survey: Survey) -> list[tuple[EntryBatch, Progress]]:
    """The batches of a questionnaire, the newest first, with how far they are."""
    found = db.session.scalars(sa.select(EntryBatch).where(EntryBatch.survey_id == survey.id)
                               .order_by(EntryBatch.id.desc()).limit(100)).all()
    known = progress([one.id for one in found])
    return [(one, known.get(one.id, Progress())) for one in found]


def progress(ids: Sequence[int]) -> dict[int, Progress]:
    """How far batches are, in one question to the database."""
    taken = EntrySheet.submission_id.is_not(None)
    second = EntrySheet.second_by_id.is_not(None)
    rows = db.session.execute(
        sa.select(EntrySheet.batch_id, _count(~taken & ~second), _count(~taken & second), _count(taken))
        .where(EntrySheet.batch_id.in_(ids)).group_by(EntrySheet.batch_id))
    return {id: Progress(once, differ, number) for id, once, differ, number in rows}


def _count(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((which, 1), else_=0))


def waiting(batch: EntryBatch) -> tuple[list[int], list[int]]:
    """The numbers of the sheets that wait for a second keying, and of those on which two people differ."""
    rows = db.session.execute(
        sa.select(EntrySheet.number, EntrySheet.second_by_id).where(
            EntrySheet.batch_id == batch.id, EntrySheet.submission_id.is_(None)).order_by(EntrySheet.number)).all()
    return ([number for number, second in rows if second is None],
            [number for number, second in rows if second is not None])


def file(id: int) -> EntryFile | None:
    """A file of answers with its questionnaire and percorso, and what was made of it."""
    return db.session.scalar(sa.select(EntryFile).where(EntryFile.id == id).options(
        joinedload(EntryFile.batch), joinedload(EntryFile.survey).joinedload(Survey.phase).joinedload(Phase.process)))


def files_waiting(survey: Survey) -> Sequence[EntryFile]:
    """The files of a questionnaire of which nothing was made yet, the newest first, without what stands in them."""
    return db.session.scalars(
        sa.select(EntryFile).where(EntryFile.survey_id == survey.id, EntryFile.batch_id.is_(None))
        .options(defer(EntryFile.rows)).order_by(EntryFile.id.desc()).limit(50)).all()
