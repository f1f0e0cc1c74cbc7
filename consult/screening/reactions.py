"""When signs are looked for, and until when they wait."""

from typing import Any

import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import Contribution
from consult.contributions.services import ContributionReworded
from consult.core import events
from consult.core.db import db
from consult.moderation import acts, asked
from consult.moderation.models import Act, Decision
from consult.moderation.services import Decided, TakenBack
from consult.screening import services
from consult.screening.models import Finding

contributions.looks_through(services.screen)


@events.on(ContributionReworded)
def look_again(event: ContributionReworded) -> None:
    """What a moderator blacks out is no longer found."""
    services.look_again(db.session.get_one(Contribution, event.contribution_id))


@asked.question("signs")
def signs() -> sa.ColumnElement[Any]:
    """Whether there are any that nobody has looked at."""
    return sa.exists().where(Finding.contribution_id == asked.CONTRIBUTION, Finding.settled_at.is_(None))


@events.on(Decided)
def settle(event: Decided) -> None:
    """A person has looked at what was found."""
    decision = db.session.get_one(Decision, event.decision_id)
    found = decision.answered.get("signs", True)
    if found and event.contribution_id is not None and acts.rule(Act(event.act)).settles:
        services.settle(event.contribution_id)


@events.on(TakenBack)
def reopen(event: TakenBack) -> None:
    """It waits again as it did before."""
    undone = db.session.get(Decision, event.undone_id)
    if undone is not None and undone.contribution_id is not None:
        services.reopen(undone.contribution_id, undone.decided_at)
