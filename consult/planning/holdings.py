"""What the plan holds of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.planning.models import TraceLink

_TRACE = _l("Everybody can see where in the plan something said went, and why.")
_PLAN = _l("As long as the plan; it says nothing of who you are.")


@personal_data(
    "places_in_the_plan", position=38, title=_l("Where what you wrote went in the plan"), reason=_TRACE, kept=_PLAN)
def places_in_the_plan(person: Person) -> Rows:
    """Each link from a contribution of the person."""
    return _told(TraceLink.contribution_id.in_(sa.select(Contribution.id).where(Contribution.author_id == person.id)))


@personal_data(
    "links_made", position=62, title=_l("Links to the plan that you made as one of the staff"), reason=_TRACE,
    kept=_PLAN, columns=(TraceLink.created_by_id,))
def links_made(person: Person) -> Rows:
    """Each link that the person made."""
    return _told(TraceLink.created_by_id == person.id)


def _told(which: sa.ColumnElement[bool]) -> Rows:
    rows = sa.select(TraceLink).where(which).options(
        joinedload(TraceLink.contribution), joinedload(TraceLink.section), joinedload(TraceLink.action))
    return [{"contribution": one.contribution.code if one.contribution else None,
             "place": one.section.code if one.section else one.action.code if one.action else None,
             "relation": one.relation, "reason": one.reason, "made_at": one.created_at}
            for one in db.session.scalars(rows.order_by(TraceLink.id))]
