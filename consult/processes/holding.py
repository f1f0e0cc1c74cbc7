"""Keeping the times of an activity as they are while something is taken in it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consult.core.db import db, table
from consult.core.statements import made_once
from consult.processes.models import Activity

CHANGING = ("published", "opens_at", "closes_at", "suspended_reason")


def hold_times(activity: Activity) -> None:
    """Read the times of an activity anew and keep them as they are until the transaction ends.

    Whoever closes it waits for what is under way; what comes after finds it closed. On SQLite the transaction alone
    does that.
    """
    db.session.flush()
    note_times(activity, db.session.execute(_times(), {"wanted": activity.id}).one())


def note_times(activity: Activity, held: Any) -> None:
    """Have an activity stand in time as a row of `times` says."""
    for name in CHANGING:
        set_committed_value(activity, name, getattr(held, name))


def times(wanted: Any) -> sa.Select[Any]:
    """What decides whether an activity takes anything and may have changed since it was read, held."""
    own = table(Activity)
    return (sa.select(own.c.id, *(own.c[name] for name in CHANGING)).where(own.c.id == wanted)
            .with_for_update(read=True, of=own))


@made_once
def _times() -> Any:
    return times(sa.bindparam("wanted"))
