"""The rows of project sheets: municipalities, funding, milestones and measures, all in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.core.db import db
from consult.planning.models import Action, Funding, Measure, Milestone, concerned
from consult.territory.models import Municipality

LISTS = ("municipalities", "fundings", "milestones", "measures")
"""The lists of an action."""


def fetch(actions: Sequence[Action]) -> Sequence[Action]:
    """These actions, with all the rows of their sheets: one query, however many they are."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    rows = db.session.execute(_wanted([action.id for action in actions])) if actions else ()
    for row in rows:
        for name, one in zip(LISTS, row[1:], strict=True):
            if one is not None:
                found[row[0], name].append(one)
    for action in actions:
        for name in LISTS:
            set_committed_value(action, name, found[action.id, name])
    return actions


def _wanted(ids: Sequence[int]) -> sa.Select[int, Municipality, Funding, Milestone, Measure]:
    """A row of the answer holds one thing of one list: rows add up and do not multiply."""
    each = sa.union_all(*(sa.select(sa.literal(number).label("number")) for number in range(len(LISTS)))).subquery()
    which = each.c.number
    return (
        sa.select(Action.id, Municipality, Funding, Milestone, Measure).select_from(Action).join(each, sa.true())
        .outerjoin(concerned, sa.and_(which == 0, concerned.c.action_id == Action.id))
        .outerjoin(Municipality, Municipality.id == concerned.c.municipality_id)
        .outerjoin(Funding, sa.and_(which == 1, Funding.action_id == Action.id))
        .outerjoin(Milestone, sa.and_(which == 2, Milestone.action_id == Action.id))
        .outerjoin(Measure, sa.and_(which == 3, Measure.action_id == Action.id))
        .where(Action.id.in_(ids), sa.func.coalesce(Municipality.id, Funding.id, Milestone.id, Measure.id).is_not(None))
        .options(joinedload(Measure.indicator))
        .order_by(Action.id, which, Municipality.id, Funding.id, Milestone.id, Measure.id))
