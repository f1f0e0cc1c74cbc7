"""The first phase is over: what was done of what people said was told, and it was closed."""

import dataclasses
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core import charts
from consult.core.charts import Sheet
from consult.core.db import db
from consult.demo.story import Story
from consult.processes.models import Activity, Axis
from consult.restitution import counting
from consult.restitution.models import PhaseClosing, Restitution, RestitutionEdition
from consult.restitution.services import PARTS


def load(story: Story) -> None:
    """Restitutions of all that was asked in the first phase and of a theme, and the closing of the phase."""
    told = story.more["restitution"]
    phase = story.phases["F1"]
    activities = {one.title["it"]: one for one in db.session.scalars(
        sa.select(Activity).where(Activity.phase_id == phase.id))}
    at = story.opening(told["published_on"])
    for entry in told["activities"]:
        activity = activities[entry["of"]]
        counted = charts.count(activity)  # what the schedule freezes, but for what comes only with the closing
        _publish(story, entry, at, counting.of_activity(activity, counted), activity=activity)
    for entry in told["axes"]:
        axis: Axis = story.axes[entry["of"]]
        _publish(story, entry, story.present, counting.figures_of(axis), axis=axis)
    db.session.add(PhaseClosing(phase_id=phase.id, closed_at=story.closing(told["closed_on"]), without_restitution=0,
                                without_outcome=0, closed_by_id=story.people[told["by"]].id))
    db.session.flush()


def _publish(story: Story, entry: dict[str, Any], at: datetime, figures: Sheet, **of: Activity | Axis) -> None:
    person = story.people[story.more["restitution"]["by"]]
    texts = {part: story.text(entry[part].strip()) for part in PARTS}
    restitution = Restitution(**of, **texts, edited_by_id=person.id, updated_at=at)
    db.session.add(restitution)
    db.session.flush()
    dated = dataclasses.replace(figures, source={**figures.source, "counted": at.isoformat(timespec="seconds")})
    db.session.add(RestitutionEdition(restitution_id=restitution.id, number=1, content=dated.as_json(),
                                      published_at=at, published_by_id=person.id, **texts))
