"""Decisions are drawn as they are taken."""

from typing import Any

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.moderation import asked
from consult.moderation.models import Decision
from consult.moderation.services import Decided, TakenBack
from consult.quality import services
from consult.quality.models import Draw


@asked.question("seed of the month")
def seed() -> sa.ColumnElement[Any]:
    """What decides by lot, none until the first decision of a month."""
    return sa.select(Draw.seed).where(Draw.month == asked.MONTH).scalar_subquery()


@events.on(Decided)
def draw(event: Decided) -> None:
    """The lot falls on one in twenty."""
    decision = db.session.get_one(Decision, event.decision_id)
    services.draw(decision, decision.answered.get("seed of the month"))


@events.on(TakenBack)
def drop(event: TakenBack) -> None:
    """What no longer holds is not read."""
    services.drop(event.undone_id)
