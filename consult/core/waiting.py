"""Files that people send, kept to be looked through before anything of them counts: then taken whole, or let go.

A model of such files has an `id`, the instant `sent_at`, and a condition that says which of its rows still wait. What
the same content is known by, with what it was sent for, is unique.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import Base, StaleVersionError, db, insert, rows_touched

KEPT = timedelta(days=7)
"""How long a file that nobody takes stays."""

File = TypeVar("File", bound=Base)


def digest(content: Any) -> str:
    """What the same content is known by, whoever sends it and however the file is called."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def keep(model: type[File], known_by: dict[str, Any], **values: Any) -> tuple[File, bool]:
    """Keep a file, and say whether it is new: of one that is known already the first stays as it is."""
    new = bool(rows_touched(insert(model).values(**known_by, **values).on_conflict_do_nothing()))
    return db.session.scalars(sa.select(model).filter_by(**known_by)).one(), new


def held(file: Any) -> Any:
    """A file as it is now, held until the transaction ends; None where it was let go."""
    model = type(file)
    return db.session.scalar(sa.select(model).where(model.id == file.id).with_for_update()
                             .execution_options(populate_existing=True))


def let_go(file: Any, waits: sa.ColumnElement[bool]) -> None:
    """Erase a file that waits. Raises StaleVersionError where it does no more."""
    model = type(file)
    if not rows_touched(sa.delete(model).where(model.id == file.id, waits)
                        .execution_options(synchronize_session="fetch")):
        raise StaleVersionError(file.id)


def forget(model: Any, waits: sa.ColumnElement[bool]) -> None:
    """Erase the files that nobody took."""
    db.session.execute(sa.delete(model).where(waits, model.sent_at < clock.now() - KEPT)
                       .execution_options(synchronize_session=False))
