"""What follows from a decision, in the same transaction."""

from consult.core import events
from consult.core.db import db
from consult.moderation import acts, matters
from consult.moderation.models import Decision
from consult.moderation.services import Decided, TakenBack
from consult.sources.descriptions import Described


@events.on(Decided)
def look_at(event: Decided) -> None:
    """A description on which somebody has decided waits no longer."""
    decision = db.session.get(Decision, event.decision_id)
    described = _described(decision)
    if decision is not None and described is not None and acts.rule(decision.act).settles:
        described.thing.looked_at = described.thing.looked_at or decision.decided_at


@events.on(TakenBack)
def wait_again(event: TakenBack) -> None:
    """What is taken back leaves it as it was."""
    undone = db.session.get(Decision, event.undone_id)
    described = _described(undone)
    if undone is not None and described is not None and described.thing.looked_at == undone.decided_at:
        described.thing.looked_at = None


def _described(decision: Decision | None) -> Described | None:
    if decision is None or decision.contribution_id is not None:
        return None
    found = matters.matter(decision.subject)
    return found if isinstance(found, Described) else None
