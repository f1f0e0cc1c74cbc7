"""What is held of whoever reviews the plan."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.reviewing.models import PlanNote, PlanReview

_WHY = _l("So that those who write the plan know who said what of it and when. It is never public.")
_KEPT = _l("As long as the part of the plan it is about; once you delete your account only the role stays.")


@personal_data("plan_notes", position=66, title=_l("Notes on the plan that you left for those who write it"),
               reason=_WHY, kept=_KEPT, columns=(PlanNote.author_id, PlanNote.resolved_by_id))
def plan_notes(person: Person) -> Rows:
    """Each note that the person wrote or resolved; of the words of others only that they were resolved."""
    rows = sa.select(PlanNote).where(sa.or_(PlanNote.author_id == person.id, PlanNote.resolved_by_id == person.id))
    return [{"about": one.plan.title, "role": one.role,
             **({"body": one.body, "written_at": one.written_at} if one.author_id == person.id else
                {"decided_at": one.resolved_at})}
            for one in db.session.scalars(rows.options(joinedload(PlanNote.plan)).order_by(PlanNote.id))]


@personal_data("plan_reviews", position=67, title=_l("How far you said that parts of the plan are"),
               reason=_WHY, kept=_KEPT, columns=(PlanReview.set_by_id,))
def plan_reviews(person: Person) -> Rows:
    """The state that the person gave to each part, where nobody gave it another one since."""
    rows = sa.select(PlanReview).where(PlanReview.set_by_id == person.id).order_by(
        PlanReview.part, PlanReview.paragraph)
    return [{"state": one.state, "role": one.role, "at": one.set_at} for one in db.session.scalars(rows)]
