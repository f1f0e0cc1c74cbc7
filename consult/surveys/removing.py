"""Taking submissions out again, with everything that counted them."""

from collections.abc import Sequence

import sqlalchemy as sa

from consult.core.db import db, table
from consult.processes import services as processes
from consult.surveys import papers
from consult.surveys.models import Answer, Quota, Submission, Survey

AT_ONCE = 500


def remove(survey: Survey, ids: Sequence[str]) -> int:
    """Remove submissions of a questionnaire and move all counters back; answers how many there were."""
    return sum(_remove(survey, ids[start:start + AT_ONCE]) for start in range(0, len(ids), AT_ONCE))


def _remove(survey: Survey, ids: Sequence[str]) -> int:
    own = sa.and_(Submission.survey_id == survey.id, Submission.id.in_(ids))
    found = list(db.session.scalars(sa.select(Submission.id).where(own)))
    taken = table(Quota)
    for option_id, number in db.session.execute(
            sa.select(Quota.option_id, sa.func.count()).join(Answer, Answer.option_id == Quota.option_id)
            .where(Answer.submission_id.in_(found)).group_by(Quota.option_id).order_by(Quota.option_id)).all():
        db.session.execute(sa.update(taken).where(taken.c.option_id == option_id)
                           .values(taken=taken.c.taken - number))
    for municipality_id, number in db.session.execute(
            sa.select(Submission.municipality_id, sa.func.count()).where(Submission.id.in_(found))
            .group_by(Submission.municipality_id)).all():
        processes.count(survey, "submission", municipality_id, -number)
    for id in found:
        papers.remove(id)
    for rows in (sa.delete(Answer).where(Answer.submission_id.in_(found)),
                 sa.delete(Submission).where(Submission.id.in_(found))):
        db.session.execute(rows.execution_options(synchronize_session=False))
    counted = table(Survey)
    db.session.execute(sa.update(counted).where(counted.c.id == survey.id)
                       .values(submission_count=counted.c.submission_count - len(found)))
    db.session.expire(survey, ["submission_count"])
    return len(found)
