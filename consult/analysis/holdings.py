"""What the figures of the territory hold of whoever of the staff brought them."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.analysis.models import IndicatorFile
from consult.core.db import db


@personal_data(
    "figures_sent", position=68, title=_l("Files of figures that you sent as one of the staff"),
    reason=_l("So that it can be seen who brought the figures of the territory."),
    kept=_l("As long as the figures; without your name once you delete your account."),
    columns=(IndicatorFile.sent_by_id,))
def figures_sent(person: Person) -> Rows:
    """Each file with its name and when it was sent."""
    rows = db.session.execute(sa.select(IndicatorFile.name, IndicatorFile.sent_at).where(
        IndicatorFile.sent_by_id == person.id).order_by(IndicatorFile.id))
    return [{"name": row.name, "sent_at": row.sent_at} for row in rows]


@erased_with
def leave_figures(event: PersonErased) -> None:
    """The figures stay, without who brought them."""
    db.session.execute(sa.update(IndicatorFile).where(IndicatorFile.sent_by_id == event.person_id)
                       .values(sent_by_id=None).execution_options(synchronize_session="fetch"))
