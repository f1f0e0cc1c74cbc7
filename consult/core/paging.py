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


def page(statement: sa.Select[Any], order: Sequence[Order], *, after: str | None = None, size: int = 20,
         ids: sa.Select[int] | None = None) -> Page:
    """One page of a select, in an order whose last key is unique.

    The sort columns are fetched beside the entity; a cursor that cannot be read begins anew. `ids` selects, from the
    table in which the order is kept, the ids of all that `statement` should give: those of the page are found there
    first, so that what is joined to them is never gone through from its beginning.
    """
    keys = [key.column for key in order]
    values = _decoded(after, order)
    if ids is not None:
        statement = statement.where(ids.selected_columns[0].in_(ids_beyond(ids, order, values, size + 1)))
    elif values is not None:
        statement = statement.where(_beyond(order, values))
    statement = _sorted(statement, order).limit(size + 1)
    rows = db.session.execute(statement.add_columns(*keys)).unique().all()
    end = cursor(*rows[size - 1][-len(keys):]) if len(rows) > size else None
    width = len(rows[0]) - len(keys) if rows else 1
    return Page([row[0] if width == 1 else row[:width] for row in rows[:size]], end)


def first(wanted: sa.Select[Any], order: Sequence[Order], *, size: int, later: bool) -> sa.Select[Any]:
    """The first rows of a select of ids and what they are sorted by, after a place where they are to come `later`.

    It is made once for each order: the place is given as `place_0` and so on when it is run. One more row than the
    page has says that there are others.
    """
    keys = [key.column.label(f"key_{number}") for number, key in enumerate(order)]
    places = [sa.bindparam(f"place_{number}", type_=key.column.type) for number, key in enumerate(order)]
    parts = [_sorted(wanted.add_columns(*keys).where(part), order).limit(size + 1)
             for part in (_alternatives(order, places) if later else [sa.true()])]
    if len(parts) == 1:
        return parts[0]
    each = sa.union_all(*(sa.select(part.subquery()) for part in parts)).subquery()
    found = [each.c[key.name] for key in keys]
    return sa.select(each).order_by(*(column.desc() if key.descending else column.asc()
                                      for column, key in zip(found, order, strict=True))).limit(size + 1)


def found(rows: Sequence[Any], size: int) -> Page:
    """The ids that `first` selects, as a page."""
    return Page([row[0] for row in rows[:size]], cursor(*rows[size - 1][1:]) if len(rows) > size else None)


def place(after: str | None, order: Sequence[Order]) -> dict[str, Any]:
    """Where a page begins, as `first` takes it; empty at the beginning and for a cursor that cannot be read."""
    return {f"place_{number}": value for number, value in enumerate(_decoded(after, order) or ())}


def ids_beyond(ids: sa.Select[int], order: Sequence[Order], values: Sequence[Any] | None,
               at_most: int) -> sa.Select[int]:
    """The first of some ids after a place in an order, of each part of what follows at most so many.

    Each part is one stretch of an index: SQLite would look through all rows that share the first key with the place.
    """
    parts = [sa.true()] if values is None else _alternatives(order, values)
    found = (_sorted(ids.where(part), order).limit(at_most).correlate(None).subquery() for part in parts)
    each = sa.union_all(*(sa.select(part.c[0].label("id")) for part in found)).subquery()
    return sa.select(each.c.id)


def _sorted(statement: sa.Select[Any], order: Sequence[Order]) -> sa.Select[Any]:
    return statement.order_by(*(key.column.desc() if key.descending else key.column.asc() for key in order))


def _beyond(order: Sequence[Order], values: list[Any]) -> sa.ColumnElement[bool]:
    """(a, b) after (x, y); written out where some keys descend and others do not."""
    if len({key.descending for key in order}) == 1:
        here = sa.tuple_(*(key.column for key in order))
        there = sa.tuple_(*(sa.literal(value, key.column.type) for key, value in zip(order, values, strict=True)))
        return here < there if order[0].descending else here > there
    first = order[0]
    bound = first.column <= values[0] if first.descending else first.column >= values[0]
    return sa.and_(bound, sa.or_(*_alternatives(order, values)))  # the bound lets the index begin at the right place


def _alternatives(order: Sequence[Order], values: Sequence[Any]) -> list[sa.ColumnElement[bool]]:
    """What follows a place: equal in the first keys, beyond it in the next."""
    alternatives = []
    for depth, key in enumerate(order):
        equal = [order[i].column == values[i] for i in range(depth)]
        further = key.column < values[depth] if key.descending else key.column > values[depth]
        alternatives.append(sa.and_(*equal, further))
    return alternatives


def cursor(*values: Any) -> str:
    """The cursor of the page that begins after these values of the order's keys."""
    plain = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decoded(text: str | None, order: Sequence[Order]) -> list[Any] | None:
    if not text or len(text) > 400:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in plain]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if len(values) != len(order) or not all(_fits(v, key) for v, key in zip(values, order, strict=True)):
        return None
    return values


def _fits(value: Any, key: Order) -> bool:
    """Whether a value can be compared with the column by any database."""
    if isinstance(value, bool) or not isinstance(value, key.column.type.python_type):
        return False
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return abs(value) < 2**31 if isinstance(value, int) else "\x00" not in value
