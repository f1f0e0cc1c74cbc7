"""Writing many rows at once, past the session: for made-up data only."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from consult.core.db import Base, db, table


def write(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows as they are; columns not named keep their defaults."""
    if rows:
        db.session.execute(sa.insert(table(model)), rows)
