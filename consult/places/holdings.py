"""What places say of a person: where what they wrote about lies."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.contributions.holdings import STAYS
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.places.models import Place


@personal_data("places", position=35, title=_l("The places of what you wrote"),
               reason=_l("You wanted to show where it is about."), kept=STAYS)
def places(person: Person) -> Rows:
    """Each place with the code of what lies there."""
    rows = (sa.select(Place).join(Place.contribution).where(Contribution.author_id == person.id)
            .options(joinedload(Place.contribution), joinedload(Place.municipality)))
    return [{"contribution": one.contribution.code, "municipality": one.municipality.name, "address": one.address,
             "latitude": one.latitude, "longitude": one.longitude}
            for one in db.session.scalars(rows.order_by(Place.contribution_id))]
