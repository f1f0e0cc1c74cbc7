"""Things loaded with what belongs to them, by a statement of which it is worked out once how rows become objects.

The ORM works that out anew each time it is asked, which takes it several times as long as asking the database. Where
all that people do begins with the same question, as who asks, or what decides whether a proposal may be supported:

    @cache
    def _to_be_supported() -> Graph[Proposal]:
        phase = part(Phase, Phase.process_id, Phase.ends_at, process=part(Process, Process.published))
        return Graph(part(Proposal, Proposal.state, activity=part(ProposalCall, ..., phase=phase)),
                     Proposal.id == sa.bindparam("wanted"))

What was not asked for is read when it is needed, as ever.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import RelationshipDirection, Session
from sqlalchemy.orm.attributes import instance_dict, instance_state, set_committed_value

from consult.core.db import Base, db

Thing = TypeVar("Thing", bound=Base)


@dataclass(frozen=True, eq=False)
class Part(Generic[Thing]):
    """The things of one kind in a graph: which of their columns are read, and what belongs to them."""

    model: type[Thing]
    columns: Mapping[str, sa.ColumnElement[Any]]
    below: Mapping[str, "Part[Any]"]


def part(model: type[Thing], *columns: Any, without: Sequence[Any] = (), group: str | None = None,
         also: Mapping[str, sa.ColumnElement[Any]] | None = None, **below: Part[Any]) -> Part[Thing]:
    """A kind of things with some of their columns, or with all but some; `below` by the name of the relation.

    `group` is one of deferred columns that are wanted nevertheless; `also` are values that attributes are given
    beside, as `with_expression` gives them.
    """
    mapper = sa.inspect(model)
    kept = [*mapper.primary_key, *([] if mapper.polymorphic_on is None else [mapper.polymorphic_on])]
    left = {column.key for column in without}
    names = [column.key for column in columns] or [
        column.key for column in mapper.column_attrs
        if column.key not in left and (not column.deferred or (group is not None and column.group == group))]
    read: dict[str, Any] = {name: mapper.column_attrs[name].expression
                            for name in (*(mapper.get_property_by_column(column).key for column in kept), *names)}
    return Part(model, {**read, **(also or {})}, below)


class Graph(Generic[Thing]):
    """One statement for things and what belongs to them. Raises ValueError where a table would be in it twice."""

    def __init__(self, top: Part[Thing], *which: sa.ColumnElement[bool], beside: Any = None,
                 more: Sequence[sa.ColumnElement[Any]] = ()) -> None:
        """`which` chooses the things; `beside` is a further table and how it is joined; `more` stands in each row."""
        columns: list[sa.ColumnElement[Any]] = []
        self._top = _Shape(top, columns)
        joins = sa.inspect(top.model).selectable
        joins = _joined(joins.join(*beside) if beside else joins, top)
        if twice := [name for name, times in Counter(_tables(top)).items() if times > 1]:
            raise ValueError(f"twice in a graph: {twice}")
        self._statement = sa.select(*columns, *more).select_from(joins).where(*which).execution_options(prepared=True)

    def first(self, values: Mapping[str, Any]) -> Thing | None:
        """The only thing, or the first one; nothing where there is none."""
        return next(iter(self._top.found(db.session(), self._rows(values))), None)

    def first_with_more(self, values: Mapping[str, Any]) -> tuple[Thing, sa.Row[Any]] | None:
        """The same with the row in which it stands first."""
        rows = self._rows(values)
        return (self._top.found(db.session(), rows)[0], rows[0]) if rows else None

    def _rows(self, values: Mapping[str, Any]) -> Sequence[sa.Row[Any]]:
        return db.session.execute(self._statement, values).all()


def _tables(top: Part[Any]) -> Iterator[str]:
    yield from (str(each) for each in sa.inspect(top.model).tables)
    for below in top.below.values():
        yield from _tables(below)


def _joined(joins: Any, top: Part[Any], *, loosely: bool = False) -> Any:
    """Joined so that a thing stays to which nothing belongs; below what may be missing, all may."""
    for name, below in top.below.items():
        relation = sa.inspect(top.model).relationships[name]
        there = relation.direction is RelationshipDirection.MANYTOONE and not any(
            column.nullable for column in relation.local_columns)
        outer = loosely or not there
        table = sa.inspect(below.model).selectable
        joins = _joined(joins.join(table, relation.primaryjoin, isouter=outer), below, loosely=outer)
    return joins


class _Shape:
    """Where in a row the things of one part stand."""

    def __init__(self, of: Part[Any], columns: list[sa.ColumnElement[Any]]) -> None:
        start = len(columns)
        columns.extend(column.label(f"c{start + place}") for place, column in enumerate(of.columns.values()))
        self._mapper = mapper = sa.inspect(of.model)
        self._names = tuple(of.columns)
        self._slice = slice(start, len(columns))
        keys = [start + self._names.index(mapper.get_property_by_column(column).key) for column in mapper.primary_key]
        self._key = itemgetter(slice(keys[0], keys[0] + 1)) if len(keys) == 1 else itemgetter(*keys)
        kind = mapper.polymorphic_on
        self._kind = None if kind is None else start + self._names.index(mapper.get_property_by_column(kind).key)
        self._below = [(name, mapper.relationships[name].uselist, _Shape(below, columns))
                       for name, below in of.below.items()]
        self._made: dict[Any, _Making] = {}

    def found(self, session: Session, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """The things in these rows, each once, with what belongs to them."""
        theirs: dict[tuple[Any, ...], list[Sequence[Any]]] = {}
        for row in rows:
            key = self._key(row)
            if key[0] is not None:
                theirs.setdefault(key, []).append(row)
        return [self._whole(session, key, own) for key, own in theirs.items()]

    def _whole(self, session: Session, key: tuple[Any, ...], rows: Sequence[Sequence[Any]]) -> Any:
        thing = self._thing(session, key, rows[0])
        known = instance_dict(thing)
        for name, many, below in self._below:
            if name not in known:
                those = below.found(session, rows)
                set_committed_value(thing, name, those if many else next(iter(those), None))
        return thing

    def _thing(self, session: Session, key: tuple[Any, ...], row: Sequence[Any]) -> Any:
        values = dict(zip(self._names, row[self._slice], strict=True))
        known_as = self._mapper.identity_key_from_primary_key(key)
        thing = session.identity_map.get(known_as)
        if thing is None:
            kind = None if self._kind is None else row[self._kind]
            if kind not in self._made:
                self._made[kind] = _Making(self._mapper if kind is None else self._mapper.polymorphic_map[kind],
                                           self._names)
            return self._made[kind].new(session, known_as, values)
        for name in values.keys() - instance_dict(thing).keys():
            set_committed_value(thing, name, values[name])
        return thing


class _Making:
    """How things of one class are made of what was read of them."""

    def __init__(self, mapper: Any, names: Collection[str]) -> None:
        self._manager = mapper.class_manager
        self._unread = frozenset(column.key for column in mapper.column_attrs
                                 if column.key not in names and self._manager[column.key].impl.accepts_scalar_loader)

    def new(self, session: Session, known_as: Any, values: Mapping[str, Any]) -> Any:
        """A thing as it is after a query; `make_transient_to_detached` and `add` would look at each attribute."""
        thing = self._manager.new_instance()
        instance_dict(thing).update(values)
        state = instance_state(thing)
        state.key, state.session_id = known_as, session.hash_key
        state.expired_attributes.update(self._unread)
        session.identity_map.add(state)
        return thing
