"""What the history of the plan holds of whoever wrote it."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.drafting.models import PlanDraft, PlanRevision


@personal_data(
    "plan_texts", position=64, title=_l("Texts of the plan that you saved as one of the staff"),
    reason=_l("So that the plan office can see how the plan came about and bring an earlier text back."),
    kept=_l("As long as the plan; once you delete your account only the role stays."),
    columns=(PlanRevision.made_by_id,))
def plan_texts(person: Person) -> Rows:
    """Each text that the person saved."""
    rows = sa.select(PlanRevision).where(PlanRevision.made_by_id == person.id).options(joinedload(PlanRevision.plan))
    return [{"about": one.plan.title, "title": one.content.get("title", ""), "version": one.number,
             "role": one.role, "at": one.made_at} for one in db.session.scalars(rows.order_by(PlanRevision.id))]


@personal_data(
    "plan_drafts", position=65, title=_l("What you typed into the plan and did not save"),
    reason=_l("So that nothing of what you typed is lost."),
    kept=_l("Until you save it, throw it away or delete your account."), columns=(PlanDraft.person_id,))
def plan_drafts(person: Person) -> Rows:
    """Each text that is kept for the person."""
    rows = sa.select(PlanDraft).where(PlanDraft.person_id == person.id).order_by(PlanDraft.ref)
    return [{"body": "\n".join(text for _name, text in one.fields if text), "at": one.saved_at}
            for one in db.session.scalars(rows)]


@erased_with
def forget_drafts(event: PersonErased) -> None:
    """What was never saved goes with whoever typed it."""
    db.session.execute(sa.delete(PlanDraft).where(PlanDraft.person_id == event.person_id))
