"""What everybody sees of a questionnaire while it is open: figures that move in steps of several people.

Figures that changed with every submission would tell what each person answers to whoever looks before and after.
So they are read from time to time, each reading at least five submissions after the one before, and the one that is
shown is the last but one: between any two that are shown, and between those and the figures that are frozen when the
questionnaire closes, there always are the answers of at least five people.
"""

import sqlalchemy as sa

from consult.core import clock, disclosure, jobs
from consult.core.charts import Sheet
from consult.core.db import db
from consult.processes.models import ResultsVisible
from consult.surveys import queries, statistics
from consult.surveys.models import Survey, SurveyReading

PART = 20
"""Between two readings the submissions grow by one part of so many at least: what is large is costly to read."""


@jobs.every_minute
def read() -> None:
    """Read the figures of each questionnaire whose results are live and which has grown enough."""
    now = clock.now()
    for id, count in db.session.execute(
            sa.select(Survey.id, Survey.submission_count)
            .where(Survey.published.is_(True), Survey.results_visible == ResultsVisible.LIVE, Survey.opens_at <= now,
                   Survey.closes_at > now, Survey.submission_count >= disclosure.MINIMUM).order_by(Survey.id)).all():
        if count - _last(id) >= step(_last(id)):
            _take(id)
            jobs.keep()


def step(last: int) -> int:
    """How many more submissions it takes after a reading at so many."""
    return max(disclosure.MINIMUM, last // PART)


def shown(survey: Survey) -> Sheet | None:
    """The figures that everybody may see while the questionnaire is open; None before there are enough."""
    content = db.session.scalar(
        sa.select(SurveyReading.content).where(SurveyReading.survey_id == survey.id)
        .order_by(SurveyReading.submissions.desc()).offset(1).limit(1))
    return Sheet.from_json(content) if content else None


def _last(survey_id: int) -> int:
    found = sa.select(sa.func.max(SurveyReading.submissions)).where(SurveyReading.survey_id == survey_id)
    return db.session.scalar(found) or 0


def _take(survey_id: int) -> None:
    survey = queries.survey(survey_id)
    if survey is None:
        return
    sheet = statistics.told(survey, by_place=False)
    total, last = int(sheet.figures[0].value), _last(survey_id)
    if total - last >= step(last):
        db.session.add(SurveyReading(survey_id=survey_id, submissions=total, content=sheet.as_json()))
        db.session.flush()
