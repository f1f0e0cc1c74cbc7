"""What follows when the office makes a survey public."""

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.processes.services import ActivityChanged, UnreadyError
from consult.questionnaires import definition, queries
from consult.questionnaires.faults import faults
from consult.questionnaires.words import unready
from consult.surveys import queries as surveys
from consult.surveys.models import Survey


@events.on(ActivityChanged)
def public_only_without_faults(event: ActivityChanged) -> None:
    """Raise UnreadyError, so that nothing is changed, where a survey with faults would be public."""
    if "published" not in event.changed or not db.session.scalar(
            sa.select(Survey.id).where(Survey.id == event.activity_id)):
        return
    survey = surveys.survey(event.activity_id)
    if survey is not None and survey.published:
        wrong = faults(definition.describe(survey), queries.places(survey))
        if wrong:
            raise UnreadyError("published", unready(wrong))
