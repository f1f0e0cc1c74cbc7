"""Keyset pages: the address of the next page names where the last one ended, never a number of rows to skip."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.db import db


@dataclass(frozen=True)
class Order:
    """A sort key: a column, whether it descends, and how to read its value from a row."""

    column: Any
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor after which the next ones begin (None at the end)."""

    items: Sequence[Any]
    next: str | None


def page(statement: sa.Select[Any], order: Sequence[Order], *, after: str | None = None, size: int = 20) -> Page:
    """One page of a select, in an order whose last key is unique.

    The sort columns are fetched beside the entity; a cursor that cannot be read begins anew.
    """
    keys = [key.column for key in order]
    values = _decoded(after, len(order))
    if values is not None:
        statement = statement.where(_beyond(order, values))
    statement = statement.order_by(*(c.desc() if k.descending else c.asc() for k, c in zip(order, keys, strict=True)))
    rows = db.session.execute(statement.add_columns(*keys).limit(size + 1)).unique().all()
    cursor = _encoded(rows[size - 1][-len(keys):]) if len(rows) > size else None
    width = len(rows[0]) - len(keys) if rows else 1
    return Page([row[0] if width == 1 else row[:width] for row in rows[:size]], cursor)


def _beyond(order: Sequence[Order], values: list[Any]) -> sa.ColumnElement[bool]:
    """(a, b) after (x, y) written out, as each key may descend on its own."""
    alternatives = []
    for depth, key in enumerate(order):
        equal = [order[i].column == values[i] for i in range(depth)]
        further = key.column < values[depth] if key.descending else key.column > values[depth]
        alternatives.append(sa.and_(*equal, further))
    first = order[0]
    bound = first.column <= values[0] if first.descending else first.column >= values[0]
    return sa.and_(bound, sa.or_(*alternatives))  # the bound lets the index begin at the right place


def _encoded(values: Sequence[Any]) -> str:
    plain = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decoded(cursor: str | None, length: int) -> list[Any] | None:
    if not cursor or len(cursor) > 400:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in plain]
    except (ValueError, TypeError, KeyError):
        return None
    sound = all(isinstance(v, datetime | str) or (isinstance(v, int) and abs(v) < 2**31) for v in values)
    in_zone = all(v.tzinfo is not None for v in values if isinstance(v, datetime))
    return values if len(values) == length and sound and in_zone else None
