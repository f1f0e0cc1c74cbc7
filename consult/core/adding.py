"""Writing the rows of a new thing at once, where nothing else waits to be written with it.

The ORM looks through all that a thing is related to before it writes two rows; of a comment that is a quarter of all
that posting it costs.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import RelationshipDirection, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict

from consult.core.db import Base, db


def add(thing: Base) -> None:
    """Have a new thing kept, with its key and its defaults known afterwards as after a flush."""
    db.session.flush()  # what waited already
    state = sa.inspect(thing)
    if state.persistent:
        return
    way = _way(type(thing))
    known = instance_dict(thing)
    targets = {name: known[name] for name in way.relations if known.get(name)}
    if way.plain and all(name in way.keys and sa.inspect(one).persistent for name, one in targets.items()):
        for name, one in targets.items():
            known.update((own, getattr(one, theirs)) for own, theirs in way.keys[name])
        _write(thing, way)
    else:
        db.session.add(thing)
        db.session.flush()


@dataclass(frozen=True)
class _Way:
    """How things of a class are written."""

    plain: bool
    """Nobody listens for what is written."""
    key: str
    tables: tuple[tuple[sa.Insert, dict[str, str]], ...]
    """For the tables from the first to the last how a row is written, and the attribute of each column."""
    relations: tuple[str, ...]
    keys: dict[str, tuple[tuple[str, str], ...]]
    """Of each relation that is kept in columns of the thing: the attributes that hold it, on either side."""


@cache
def _way(model: type[Base]) -> _Way:
    mapper = sa.inspect(model)
    (key,) = mapper.primary_key
    tables = tuple((sa.insert(table), {
        column.key: mapper.get_property_by_column(column).key for column in table.columns})
        for table in dict.fromkeys(each.local_table for each in reversed(list(mapper.iterate_to_root())))
        if isinstance(table, sa.Table))
    keys = {relation.key: tuple((mapper.get_property_by_column(own).key,
                                 relation.mapper.get_property_by_column(theirs).key)
                                for own, theirs in relation.local_remote_pairs or ())
            for relation in mapper.relationships
            if relation.direction is RelationshipDirection.MANYTOONE and not relation.viewonly}
    heard = mapper.dispatch
    return _Way(plain=not (heard.before_insert or heard.after_insert), key=mapper.get_property_by_column(key).key,
                tables=tables, relations=tuple(mapper.relationships.keys()), keys=keys)


def _write(thing: Base, way: _Way) -> None:
    known = instance_dict(thing)
    for insert, names in way.tables:
        values = {column: known[name] for column, name in names.items() if name in known}
        done: Any = db.session.execute(insert, values)
        known.setdefault(way.key, done.inserted_primary_key[0])
        written = done.last_inserted_params()
        for column, name in names.items():
            known.setdefault(name, written.get(column))
    make_transient_to_detached(thing)
    before = db.session.identity_map.get(sa.inspect(type(thing)).identity_key_from_instance(thing))
    if before is not None:  # its row is gone, and the number was given anew
        db.session.expunge(before)
    db.session.add(thing)
