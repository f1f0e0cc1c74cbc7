"""What remarks hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.remarks import services
from consult.remarks.models import Remark, RemarkPlace


@personal_data(
    "remarks", position=32, title=_l("Remarks you made on the draft plan"),
    reason=_l("You wanted the plan to say it better."), kept=STAYS, columns=(Contribution.author_id,))
def remarks(person: Person) -> Rows:
    """Each remark with the words it is about."""
    rows = sa.select(Remark).where(Contribution.author_id == person.id).options(joinedload(Remark.organisation))
    return [{"code": one.code, "quote": one.quote, "wording": one.wording, "body": one.body, "state": one.state,
             "in_the_name_of": one.organisation.name if one.organisation else None, "written_at": one.created_at,
             "published_at": one.published_at} for one in db.session.scalars(rows.order_by(Contribution.id))]


@personal_data(
    "remarks_placed", position=62, title=_l("Remarks for which you found the place as one of the staff"),
    reason=_l("So that it can be seen who said where they belong."),
    kept=_l("Among the documents of the plan; without your name once you delete your account."),
    columns=(RemarkPlace.placed_by_id,))
def placed(person: Person) -> Rows:
    """Each remark, without its text."""
    rows = sa.select(RemarkPlace).where(RemarkPlace.placed_by_id == person.id).options(joinedload(RemarkPlace.remark))
    return [{"contribution": one.remark.code, "place": one.cited, "at": one.placed_at}
            for one in db.session.scalars(rows.order_by(RemarkPlace.id))]


@erased_with
def remove_texts_taken_back(event: PersonErased) -> None:
    """Of a remark that was taken back, now or before, only the code stays, under which others may have cited it."""
    services.forget(sa.select(Remark).where(
        Contribution.author_id == event.person_id, Contribution.organisation_id.is_(None),
        Contribution.state == State.WITHDRAWN))
