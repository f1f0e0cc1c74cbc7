"""What the history of the plan holds of whoever wrote it."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.drafting.models import PlanRevision


@personal_data(
    "plan_texts", position=64, title=_l("Texts of the plan that you saved as one of the staff"),
    reason=_l("So that the plan office can see how the plan came about and bring an earlier text back."),
    kept=_l("As long as the plan; once you delete your account only the role stays."),
    columns=(PlanRevision.made_by_id,))
def plan_texts(person: Person) -> Rows:
    """Each text that the person saved."""
    rows = sa.select(PlanRevision).where(PlanRevision.made_by_id == person.id).options(joinedload(PlanRevision.plan))
    return [{"plan": one.plan.title, "title": one.content.get("title", ""), "version": one.number,
             "role": one.role, "at": one.made_at} for one in db.session.scalars(rows.order_by(PlanRevision.id))]
