"""Statements that are made once: to make one costs ten times what it costs to have it run.

Acts that many do at once, as a support or a comment, say:

    @made_once
    def _counting() -> Any:
        own = table(ParticipationCount)
        row = insert(own)
        return row.on_conflict_do_update(..., set_={"count": own.c.count + row.excluded.count})

and run it with `db.session.execute(_counting(), {"phase_id": 3, ...})`. Such statements go past the objects that the
session holds: `out_of_date` has those read again what has changed.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from consult.core.db import Base, db

Made = TypeVar("Made")


def made_once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Keep what a function makes, apart for each kind of database; PostgreSQL keeps its plan as well.

    For statements whose best plan is the same whatever is asked: rows by their keys, not the lists of a thread.
    """
    made: dict[str, Made] = {}

    @wraps(make)
    def statement() -> Made:
        dialect = db.session.get_bind().dialect.name
        if dialect not in made:
            made[dialect] = cast(Any, make()).execution_options(prepared=True)
        return made[dialect]

    return statement


def among(column: Any, name: str) -> sa.ColumnElement[bool]:
    """Holds where a column is one of some ids, given by this name: one statement, however many there are."""
    if db.session.get_bind().dialect.name == "postgresql":
        return cast("sa.ColumnElement[bool]", column == sa.any_(sa.bindparam(name, type_=ARRAY(sa.Integer))))
    return cast("sa.ColumnElement[bool]", column.in_(sa.bindparam(name, expanding=True)))


def load(thing: Any, those: Any) -> None:
    """Load the rows that belong to a thing, `those` as in `Process.axes`: an option would make a statement anew."""
    set_committed_value(thing, those.key, db.session.scalars(_belonging(those), {"of": thing.id}).all())


@cache
def _belonging(those: Any) -> sa.Select[Any]:
    (_own, theirs), = those.property.local_remote_pairs
    found = sa.select(those.property.mapper).where(theirs == sa.bindparam("of")).execution_options(prepared=True)
    return found.order_by(*those.property.order_by or ())


def out_of_date(model: type[Base], *names: str, which: Callable[[dict[str, Any]], bool]) -> None:
    """Have what the session holds of some rows read again when it is asked for; `which` is asked of their columns."""
    for thing in db.session.identity_map.values():
        if isinstance(thing, model) and which(instance_dict(thing)):
            db.session.expire(thing, names)
