"""Keeping the times of an activity as they are while something is taken in it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consult.core.db import db, table
from consult.core.statements import made_once
from consult.processes.models import Activity


def hold_times(activity: Activity) -> None:
    """Read the times of an activity anew and keep them as they are until the transaction ends.

    Whoever closes it waits for what is under way; what comes after finds it closed. On SQLite the transaction alone
    does that.
    """
    db.session.flush()
    for name, value in db.session.execute(_times(), {"wanted": activity.id}).mappings().one().items():
        set_committed_value(activity, name, value)


@made_once
def _times() -> Any:
    """What decides whether an activity takes anything and may have changed since it was read."""
    own = table(Activity)
    return (sa.select(own.c.published, own.c.opens_at, own.c.closes_at, own.c.suspended_reason)
            .where(own.c.id == sa.bindparam("wanted")).with_for_update(read=True, of=own))
