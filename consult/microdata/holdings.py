"""What files of answers hold of a person: who of the staff asked for them."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.core.db import db
from consult.microdata.models import AnswerFile


@personal_data(
    "answer_files", position=65, title=_l("Files of answers that you had made as one of the staff"),
    reason=_l("So that it can be told how far they have come, and who had them made."), kept=_l("Seven days."),
    columns=(AnswerFile.asked_by_id,))
def answer_files(person: Person) -> Rows:
    """Each file that is still there."""
    rows = (sa.select(AnswerFile).where(AnswerFile.asked_by_id == person.id)
            .options(joinedload(AnswerFile.survey)).order_by(AnswerFile.id))
    return [{"survey": one.survey.title, "format": one.format, "language": one.language, "asked_at": one.asked_at,
             "file": one.file_name} for one in db.session.scalars(rows)]
