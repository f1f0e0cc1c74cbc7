"""Having files of answers made behind the pages, handing them out, and letting go of them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, config, events, jobs
from consult.core.db import db, read_only, rows_touched
from consult.microdata import packing, queries
from consult.microdata.models import AnswerFile, AnswerFormat, FileState
from consult.surveys.models import Survey

PATIENCE = timedelta(hours=2)
"""After which a file that is still not made was interrupted, and will not be."""
KEPT = timedelta(days=7)
"""How long a file stays: single answers lie about no longer than somebody needs to fetch them."""


@dataclass(frozen=True, kw_only=True)
class AnswersAsked(events.Event):
    """Somebody of the staff asked for the single answers to a questionnaire."""

    survey_id: int
    file_id: int
    format: str


@dataclass(frozen=True, kw_only=True)
class AnswersMade(events.Event):
    survey_id: int
    file_id: int
    submissions: int


@dataclass(frozen=True, kw_only=True)
class AnswersFailed(events.Event):
    survey_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class AnswersTaken(events.Event):
    """Somebody of the staff downloaded the single answers to a questionnaire."""

    survey_id: int
    file_id: int


def ask(survey: Survey, form: AnswerFormat, person: Person, *, language: str) -> AnswerFile:
    """Have a file made; one of the kind that is being made already is not made twice."""
    waiting = queries.unfinished(survey, form, language)
    if waiting is not None:
        return waiting
    file = AnswerFile(survey=survey, format=form, language=language, asked_by_id=person.id)
    db.session.add(file)
    db.session.flush()
    events.record(AnswersAsked(actor_id=person.id, survey_id=survey.id, file_id=file.id, format=form.value))
    jobs.after_commit(make, file.id)
    return file


def taken(file: AnswerFile, person: Person) -> Path:
    """The file, noting who took it."""
    events.record(AnswersTaken(actor_id=person.id, survey_id=file.survey_id, file_id=file.id))
    return path_of(file.id, file.format)


def path_of(file_id: int, form: AnswerFormat) -> Path:
    """Where a file is kept: in the instance folder, which no web server shows."""
    return Path(config.current().instance) / "answers" / f"{file_id}.{packing.suffix(form)}"


@jobs.task
def make(file_id: int) -> None:
    """Make a file that was asked for, saying now and then how far it has come; what fails says so in its row."""
    claim = sa.update(AnswerFile).where(AnswerFile.id == file_id, AnswerFile.state == FileState.WAITING)
    if not rows_touched(claim.values(state=FileState.RUNNING)):
        return
    file = db.session.get_one(AnswerFile, file_id)
    survey_id, form, language, target = file.survey_id, file.format, file.language, path_of(file_id, file.format)
    jobs.keep()
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = packing.write(survey_id, form, target, language=language, told=lambda done: _tell(file_id, done))
    except Exception:  # noqa: BLE001 - whatever went wrong, whoever asked is told
        db.session.rollback()
        jobs.log.exception("the file of answers %s was not made", file_id)
        _failed(file_id)
    else:
        _made(file_id, target, number)


@jobs.every_minute
def tidy() -> None:
    """Say of files whose making was interrupted that they failed; remove those that were kept long enough."""
    now = clock.now()
    for file_id in db.session.scalars(sa.select(AnswerFile.id).where(
            AnswerFile.state.in_(queries.UNFINISHED), AnswerFile.asked_at < now - PATIENCE)).all():
        _failed(file_id)
    old = sa.select(AnswerFile).where(AnswerFile.asked_at < now - KEPT).order_by(AnswerFile.id).limit(50)
    for file in db.session.scalars(old).all():
        path_of(file.id, file.format).unlink(missing_ok=True)
        db.session.delete(file)


def _tell(file_id: int, hundredths: int) -> None:
    """Say how far it is, on a connection of its own: the one that reads goes on reading."""
    token = read_only.set(False)
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.update(AnswerFile).where(AnswerFile.id == file_id, AnswerFile.progress < hundredths)
                               .values(progress=hundredths))
    finally:
        read_only.reset(token)


def _made(file_id: int, target: Path, submissions: int) -> None:
    file = db.session.get_one(AnswerFile, file_id, populate_existing=True)
    with target.open("rb") as content:
        file.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    file.size, file.submissions, file.finished_at = target.stat().st_size, submissions, clock.now()
    file.state, file.progress = FileState.READY, 100
    title = re.sub(r"[^a-z0-9]+", "-", file.survey.title.in_language(file.language).lower()).strip("-")[:60]
    file.file_name = f"{title or 'survey'}-{file.survey_id}-{file.format.value}.{packing.suffix(file.format)}"
    events.record(AnswersMade(actor_id=None, survey_id=file.survey_id, file_id=file.id, submissions=submissions))


def _failed(file_id: int) -> None:
    file = db.session.get_one(AnswerFile, file_id, populate_existing=True)
    file.state, file.finished_at = FileState.FAILED, clock.now()
    events.record(AnswersFailed(actor_id=None, survey_id=file.survey_id, file_id=file.id))
