"""What questionnaires were before, and their pictures."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.core import files, paging
from consult.core.db import db
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase, Process
from consult.questionnaires.models import QuestionnaireVersion, QuestionPicture
from consult.surveys.models import Submission, Survey


def answered(survey: Survey) -> bool:
    """Whether anybody has answered, so that only what keeps answers valid may change."""
    known = sa.select(Submission.id).where(Submission.survey_id == survey.id)
    return db.session.scalar(known.limit(1)) is not None


def places(survey: Survey) -> tuple[str, ...]:
    """The codes of the municipalities that conditions may ask for."""
    return tuple(towns(survey))


def towns(survey: Survey) -> dict[str, str]:
    """The names of the municipalities of the percorso by their codes."""
    return {place.istat_code: place.name for place in processes.municipalities(survey.phase.process)}


def versions(survey: Survey, *, after: str | None = None, size: int = 20) -> paging.Page:
    """A page of what a questionnaire was and is, the latest first."""
    wanted = (sa.select(QuestionnaireVersion).where(QuestionnaireVersion.survey_id == survey.id)
              .options(joinedload(QuestionnaireVersion.made_by)))
    return paging.page(wanted, [paging.Order(QuestionnaireVersion.number, descending=True)], after=after, size=size)


def version(survey: Survey, number: int) -> QuestionnaireVersion | None:
    """A questionnaire as it was under a number."""
    return db.session.scalar(sa.select(QuestionnaireVersion).where(
        QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number == number)
        .options(joinedload(QuestionnaireVersion.made_by)))


def version_before(survey: Survey, number: int) -> QuestionnaireVersion | None:
    """What a questionnaire was before a number."""
    return db.session.scalar(sa.select(QuestionnaireVersion).where(
        QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number < number)
        .order_by(QuestionnaireVersion.number.desc()).limit(1))


def surveys(person: Person) -> Sequence[Survey]:
    """The questionnaires of the percorsi in which a member of the staff has a role: a new one can be like one."""
    scopes = {grant.process_id for grant in person.active_grants}
    theirs = [] if None in scopes else [Process.id.in_([id for id in scopes if id is not None])]
    return db.session.scalars(
        sa.select(Survey).join(Activity.phase).join(Phase.process).where(*theirs)
        .options(joinedload(Survey.phase).joinedload(Phase.process)).order_by(Survey.id.desc()).limit(100)).unique().all()


@files.naming
def pictures(tokens: Sequence[str]) -> set[str]:
    """Which of these files are pictures of questions."""
    return set(db.session.scalars(sa.select(QuestionPicture.token).where(QuestionPicture.token.in_(tokens))))
