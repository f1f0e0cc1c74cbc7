"""What questionnaires hold of whoever of the staff changed them."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.questionnaires.models import QuestionnaireVersion


@personal_data(
    "questionnaires_changed", position=64, title=_l("Surveys that you changed as one of the staff"),
    reason=_l("So that it can be seen what was asked when, and who decided it."),
    kept=_l("As long as the survey; without your name once you delete your account."),
    columns=(QuestionnaireVersion.made_by_id,))
def changed(person: Person) -> Rows:
    """Each version that the person made."""
    rows = (sa.select(QuestionnaireVersion).where(QuestionnaireVersion.made_by_id == person.id)
            .options(joinedload(QuestionnaireVersion.survey)).order_by(QuestionnaireVersion.id))
    return [{"survey": one.survey.title, "number": one.number, "made_at": one.made_at, "note": one.note}
            for one in db.session.scalars(rows)]
