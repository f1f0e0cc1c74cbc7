"""What this feature itself holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core.db import db
from consult.privacy import services
from consult.privacy.models import NoticeRead, PersonalExport, PrivacyNotice


@personal_data(
    "notices", position=9, title=_l("Which privacy notice you have read"),
    reason=_l("So that it can be proved what you were told about your data, and when."),
    kept=_l("Until you delete your account."), columns=(NoticeRead.person_id, PrivacyNotice.published_by_id))
def notices(person: Person) -> Rows:
    """Each version."""
    rows = sa.select(NoticeRead).where(NoticeRead.person_id == person.id).order_by(NoticeRead.version)
    return [{"version": one.version, "at": one.at} for one in db.session.scalars(rows)]


@personal_data(
    "copies", position=10, title=_l("Copies of your data that you asked for"),
    reason=_l("You asked for them."), kept=_l("Seven days."), columns=(PersonalExport.person_id,))
def copies(person: Person) -> Rows:
    """Each copy."""
    rows = sa.select(PersonalExport).where(PersonalExport.person_id == person.id).order_by(PersonalExport.asked_at)
    return [{"asked_at": one.asked_at, "state": one.state, "finished_at": one.finished_at}
            for one in db.session.scalars(rows)]


@erased_with
def forget_what_was_read(event: PersonErased) -> None:
    """Nobody has to be told anything any more."""
    services.withdraw_reading(event.person_id)
