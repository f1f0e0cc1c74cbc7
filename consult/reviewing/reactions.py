"""What was said of a part goes with it; what was said of a paragraph that is gone stays with its section."""

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.planning.models import Paragraph
from consult.planning.programme import ActionRemoved, ObjectiveRemoved
from consult.planning.services import PlanSectionEdited, PlanSectionRemoved
from consult.reviewing import services


@events.on(PlanSectionEdited)
def edited(event: PlanSectionEdited) -> None:
    standing = db.session.scalars(sa.select(Paragraph.id).where(
        Paragraph.section_id == event.section_id, Paragraph.removed_at.is_(None)))
    services.follow(f"s{event.section_id}", set(standing))


@events.on(PlanSectionRemoved, ObjectiveRemoved, ActionRemoved)
def removed(event: PlanSectionRemoved | ObjectiveRemoved | ActionRemoved) -> None:
    match event:
        case PlanSectionRemoved():
            services.forget(f"s{event.section_id}")
        case ObjectiveRemoved():
            services.forget(f"o{event.objective_id}")
        case ActionRemoved():
            services.forget(f"a{event.action_id}")
