"""What must stay as it is until the transaction ends: whether an activity takes anything, and the text it is about."""

from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import set_committed_value

from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.core.statements import made_once
from consult.processes.models import Activity
from consult.proposals.policy import REPLACED
from consult.voting import counts

NOT_PUBLIC = _l("This is not public.")


class RefusedError(ValueError):
    """A paper or a support that cannot be taken, with the sentence that says why."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


def hold_open(activity: Activity) -> None:
    """Read the times of an activity anew and keep them as they are until the transaction ends.

    Whoever closes it waits for the votes under way; a vote that comes after finds it closed. On SQLite the
    transaction alone does that.
    """
    _hold_times(activity)
    taking = activity.takes()
    if not taking:
        raise RefusedError(taking.reason)


def hold_not_over(activity: Activity) -> None:
    """The same for what is taken, or taken back, also before an activity opens."""
    _hold_times(activity)
    if activity.over():
        raise RefusedError(activity.takes().reason)


def _hold_times(activity: Activity) -> None:
    db.session.flush()
    for name, value in db.session.execute(_times(), {"wanted": activity.id}).mappings().one().items():
        set_committed_value(activity, name, value)


@made_once
def _times() -> Any:
    """What decides whether an activity takes anything and may have changed since it was read."""
    own = table(Activity)
    return (sa.select(own.c.published, own.c.opens_at, own.c.closes_at, own.c.suspended_reason)
            .where(own.c.id == sa.bindparam("wanted")).with_for_update(read=True, of=own))


def hold_standing(contribution: Contribution) -> int:
    """Keep a public text as it is until the transaction ends, and its activity open; answers its version.

    Raises RefusedError where the activity has closed, or the text was merged, split, hidden or taken back meanwhile.
    """
    hold_open(contribution.activity)
    text = counts.hold_text(contribution)
    if text.state is not State.PUBLISHED:
        raise RefusedError(NOT_PUBLIC)
    if text.replaced_at is not None:
        raise RefusedError(REPLACED)
    return text.version
