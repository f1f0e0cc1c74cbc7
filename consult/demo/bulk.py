"""Writing many rows at once, past the session: for made-up data only."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from consult.core.db import Base, db, table


def write(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows as they are; columns not named keep their defaults."""
    if rows:
        db.session.execute(sa.insert(table(model)), rows)


def take_ids(model: type[Base], how_many: int) -> Sequence[int]:
    """Ids that nobody else will get, so that rows which point at each other can be written together."""
    id = table(model).c.id
    if db.session.get_bind().dialect.name == "sqlite":  # the transaction that writes is the only one
        last = db.session.scalar(sa.select(sa.func.max(id))) or 0
        return range(last + 1, last + how_many + 1)
    sequence = sa.func.nextval(sa.func.pg_get_serial_sequence(table(model).name, "id"))
    return db.session.scalars(sa.select(sequence).select_from(sa.func.generate_series(1, how_many))).all()
