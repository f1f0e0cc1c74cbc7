"""What must stay as it is until the transaction ends: whether an activity takes anything, and the text it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.core.statements import made_once
from consult.ledger import services as ledger
from consult.ledger.models import Stage
from consult.processes.holding import CHANGING, hold_times, note_times, times
from consult.processes.models import Activity
from consult.proposals.models import Proposal
from consult.proposals.policy import REPLACED
from consult.voting.models import Ballot

NOT_PUBLIC = _l("This is not public.")


class RefusedError(ValueError):
    """A paper or a support that cannot be taken, with the sentence that says why."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Held:
    """A text that stays as it is until the transaction ends."""

    version: int
    state: State
    replaced_at: datetime | None


def hold_open(activity: Activity) -> None:
    """Keep an activity open until the transaction ends. Raises RefusedError where it takes nothing."""
    hold_times(activity)
    taking = activity.takes()
    if not taking:
        raise RefusedError(taking.reason)


def hold_ballot(ballot: Ballot) -> Stage | None:
    """Keep a ballot open, and its log as it is; answers how far that is, None where it has not begun.

    The times are held before the log, as whoever closes a ballot does. Raises RefusedError as `hold_open`.
    """
    db.session.flush()
    held = db.session.execute(_times_and_log(), {"wanted": ballot.id}).one()
    note_times(ballot, held)
    taking = ballot.takes()
    if not taking:
        raise RefusedError(taking.reason)
    return cast("Stage | None", held.stage)


@made_once
def _times_and_log() -> Any:
    """One question for both: the second part needs what the first has found, and so waits until that is held."""
    held = times(sa.bindparam("wanted")).cte("held")
    log = ledger.held_stage(sa.select(held.c.id).scalar_subquery()).cte("log")
    return sa.select(held, log.c.stage).outerjoin(log, sa.true())


def hold_not_over(activity: Activity) -> None:
    """The same for what is taken, or taken back, also before an activity opens."""
    hold_times(activity)
    if activity.over():
        raise RefusedError(activity.takes().reason)


def hold_standing(contribution: Contribution) -> int:
    """Keep a public text as it is until the transaction ends, and its activity open; answers its version.

    Raises RefusedError where the activity has closed, or the text was merged, split, hidden or taken back meanwhile.
    """
    held = hold_text(contribution)
    if held.state is not State.PUBLISHED:
        raise RefusedError(NOT_PUBLIC)
    if held.replaced_at is not None:
        raise RefusedError(REPLACED)
    return held.version


def hold_text(contribution: Contribution) -> Held:
    """Keep a text as it is until the transaction ends, whatever became of it, and its activity open.

    Raises RefusedError where the activity has closed.
    """
    activity = contribution.activity
    db.session.flush()
    both = _times_and_proposal() if isinstance(contribution, Proposal) else _times_and_text()
    held = db.session.execute(both, {"wanted": activity.id, "text": contribution.id}).one()
    note_times(activity, held)
    taking = activity.takes()
    if not taking:
        raise RefusedError(taking.reason)
    return Held(held.version, held.state, held.replaced_at)


@made_once
def _times_and_text() -> Any:
    """One question for both, the times first likewise."""
    kept = table(Contribution)
    return _with_times(sa.select(kept.c.id, kept.c.version, kept.c.state, sa.null().label("replaced_at")), kept)


@made_once
def _times_and_proposal() -> Any:
    """The same of a proposal, whose own row is held as well: else it would be read as it was before it was merged."""
    kept, own = table(Contribution), table(Proposal)
    return _with_times(sa.select(kept.c.id, kept.c.version, kept.c.state, own.c.replaced_at)
                       .join(own, own.c.id == kept.c.id), kept, own)


def _with_times(text: Any, kept: Any, *held_too: Any) -> Any:
    held = times(sa.bindparam("wanted")).cte("held")
    found = (text.where(kept.c.id == sa.bindparam("text"),
                        kept.c.activity_id == sa.select(held.c.id).scalar_subquery())
             .with_for_update(of=[kept, *held_too]).cte("text"))
    return sa.select(*(held.c[name] for name in CHANGING), found.c.version, found.c.state,
                     found.c.replaced_at).join(found, sa.true())
