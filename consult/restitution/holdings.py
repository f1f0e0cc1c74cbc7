"""What restitutions and closings hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.processes.models import Phase
from consult.restitution.models import PhaseClosing, Restitution, RestitutionEdition


@personal_data(
    "restitutions", position=66, title=_l("What you told of what came of an activity, as one of the staff"),
    reason=_l("Everybody can know what was made of what people said."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(Restitution.edited_by_id, RestitutionEdition.published_by_id))
def restitutions(person: Person) -> Rows:
    """Each that the person wrote last or published."""
    written = sa.select(Restitution).where(Restitution.edited_by_id == person.id).order_by(Restitution.id)
    published = (sa.select(RestitutionEdition).where(RestitutionEdition.published_by_id == person.id)
                 .order_by(RestitutionEdition.restitution_id, RestitutionEdition.number))
    return [*({"about": one.of.title, "changed_at": one.updated_at} for one in db.session.scalars(written)),
            *({"about": one.restitution.of.title, "published_at": one.published_at}
              for one in db.session.scalars(published))]


@personal_data(
    "closed_phases", position=67, title=_l("Phases that you closed as one of the staff"),
    reason=_l("Everybody can know who closed a phase, and why although something was missing."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(PhaseClosing.closed_by_id,))
def closed(person: Person) -> Rows:
    """Each phase, with the reason where something was missing."""
    rows = (sa.select(PhaseClosing, Phase.title).join(Phase, Phase.id == PhaseClosing.phase_id)
            .where(PhaseClosing.closed_by_id == person.id).order_by(PhaseClosing.phase_id))
    return [{"phase": title, "closed_at": one.closed_at, "reason": one.reason}
            for one, title in db.session.execute(rows)]
