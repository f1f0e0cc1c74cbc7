"""Files that were answered with, each of one submission, kept without their names and without times."""

import os
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from consult.core import files, jobs
from consult.core.db import db, table
from consult.surveys.models import AnsweredFile, Survey


@files.naming
def known(tokens: Sequence[str]) -> set[str]:
    """Which of these files were answered with."""
    return set(db.session.scalars(sa.select(AnsweredFile.token).where(AnsweredFile.token.in_(tokens))))


def keep(survey: Survey, submission_id: str, tokens: Iterable[str]) -> None:
    """Let files belong to a submission, where they are there; no time is kept with those of anonymous answers."""
    for token in tokens:
        if not files.kind_of(token):
            continue
        db.session.add(AnsweredFile(token=token, survey_id=survey.id, submission_id=submission_id))
        if survey.anonymous:
            for size in files.Size:
                if (version := files.path_of(token, size)).is_file():
                    os.utime(version, (0, 0))
    db.session.flush()


def remove(submission_id: str) -> None:
    """Let a submission have no files; they go once this is kept, unless they are answered with again."""
    own = table(AnsweredFile)
    for token in db.session.scalars(sa.select(own.c.token).where(own.c.submission_id == submission_id)).all():
        jobs.after_commit(remove_file, token)
    db.session.execute(sa.delete(own).where(own.c.submission_id == submission_id))


@jobs.task
def remove_file(token: str) -> None:
    """Remove a file whose row is gone."""
    if not files.named([token]):
        files.remove(token)
