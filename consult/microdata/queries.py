"""Files of answers: those that can be had, and those that are being made."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.microdata.models import AnswerFile, AnswerFormat, FileState
from consult.processes.models import Phase
from consult.surveys.models import Survey

UNFINISHED = (FileState.WAITING, FileState.RUNNING)


def file(id: int) -> AnswerFile | None:
    """A file of answers with its questionnaire and percorso."""
    return db.session.scalar(sa.select(AnswerFile).where(AnswerFile.id == id).options(
        joinedload(AnswerFile.survey).joinedload(Survey.phase).joinedload(Phase.process)))


def of_survey(survey: Survey) -> Sequence[AnswerFile]:
    """The files of a questionnaire, the newest first."""
    return db.session.scalars(sa.select(AnswerFile).where(AnswerFile.survey_id == survey.id)
                              .order_by(AnswerFile.id.desc()).limit(20)).all()


def unfinished(survey: Survey, form: AnswerFormat, language: str) -> AnswerFile | None:
    """A file of this kind that is waited for."""
    return db.session.scalar(sa.select(AnswerFile).where(
        AnswerFile.survey_id == survey.id, AnswerFile.format == form, AnswerFile.language == language,
        AnswerFile.state.in_(UNFINISHED)).limit(1))
