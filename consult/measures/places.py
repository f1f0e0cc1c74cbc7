"""Of which text another one can be the double, and where one can be moved to."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.discussions.models import Topic
from consult.moderation.matters import Matter
from consult.processes.models import Activity, Axis, Phase
from consult.proposals.models import Proposal

MOVED = (Proposal, Topic)
"""What stands for itself: everything else goes where what it is about goes."""


def other(matter: Matter, code: str) -> Contribution | None:
    """The other public text of the same kind and percorso with a code, as it is read where it stands."""
    found = contributions.by_code(code.strip()) if code.strip() else None
    fits = (found is not None and found.public and found.kind == matter.kind and found.id != matter.contribution_id
            and found.process_id == matter.process_id)
    return found if fits else None


def activities(matter: Matter) -> Sequence[Activity]:
    """Other activities of the same kind and percorso, in whatever phase, that everybody sees and that take it now."""
    thing = matter.thing
    if not isinstance(thing, MOVED) or thing.activity.over():
        return []
    here = thing.activity
    rows = db.session.scalars(
        sa.select(type(here)).join(Phase, Phase.id == Activity.phase_id).where(
            Phase.process_id == here.process_id, Activity.id != here.id, Activity.published.is_(True))
        .options(contains_eager(Activity.phase).joinedload(Phase.process)).order_by(Phase.position, Activity.id))
    return [one for one in rows.unique() if one.takes()]


def axes(matter: Matter) -> Sequence[Axis]:
    """Other themes of the plan, for what has one or may have one."""
    thing = matter.thing
    if not isinstance(thing, Proposal) or thing.settled:
        return []
    call = thing.activity
    only = getattr(call, "only_axes", [])
    return [axis for axis in call.phase.process.axes if axis.id != thing.axis_id and (not only or axis.code in only)]
