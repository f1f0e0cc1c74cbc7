"""What percorsi hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.processes.models import Phase, PhaseParticipant


@personal_data(
    "participation", position=20, title=_l("Phases in which you took part"),
    reason=_l("So that the public count of the people of a phase counts each once."),
    kept=_l("It stays as a number of the count; once you delete your account it leads to nobody."),
    columns=(PhaseParticipant.person_id,))
def participation(person: Person) -> Rows:
    """Each phase."""
    taken = sa.select(Phase).join(PhaseParticipant, PhaseParticipant.phase_id == Phase.id)
    return [{"phase": phase.title} for phase in db.session.scalars(
        taken.where(PhaseParticipant.person_id == person.id).order_by(Phase.id))]
