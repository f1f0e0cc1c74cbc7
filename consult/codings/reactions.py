"""What follows for the codes when a survey closes."""

import sqlalchemy as sa

from consult.codings import counting
from consult.codings.models import Codebook
from consult.core import events
from consult.core.db import db, table
from consult.processes.services import ActivityClosed
from consult.surveys import queries as surveys


@events.on(ActivityClosed)
def keep_what_counts_now(event: ActivityClosed) -> None:
    """The codes that count now go into the results; whatever is coded later does not change what was frozen."""
    survey = surveys.survey(event.activity_id)
    if survey is None:
        return
    own = table(Codebook)
    for question_id, content in counting.at_close(survey).items():
        db.session.execute(sa.update(own).where(own.c.question_id == question_id, own.c.at_close.is_(None))
                           .values(at_close=content))
    db.session.expire_all()
