"""Decisions are drawn as they are taken."""

from consult.core import events
from consult.core.db import db
from consult.moderation.models import Decision
from consult.moderation.services import Decided, TakenBack
from consult.quality import services


@events.on(Decided)
def draw(event: Decided) -> None:
    """The lot falls on one in twenty."""
    services.draw(db.session.get_one(Decision, event.decision_id))


@events.on(TakenBack)
def drop(event: TakenBack) -> None:
    """What no longer holds is not read."""
    services.drop(event.undone_id)
