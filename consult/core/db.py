"""The database: the base of all models, column types, and one writer at a time on SQLite."""

import enum
import hashlib
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from sqlite3 import SQLITE_BUSY
from typing import Annotated, Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import postgresql as on_postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from consult.core import postgresql
from consult.core.config import Settings
from consult.core.languages import Localized, LocalizedText
from consult.core.later import flask_migrate

read_only: ContextVar[bool] = ContextVar("read_only", default=False)
"""True while a request that may not write is answered; the database itself then refuses to write."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, kept in UTC; a datetime without a zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class ExactNumber(TypeDecorator[Decimal]):
    """A number with a fixed count of decimals, kept as a whole number so that both databases keep it exactly."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, decimals: int = 2) -> None:
        super().__init__()
        self.decimals = decimals

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value.scaleb(self.decimals).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.decimals)


pk = Annotated[int, mapped_column(primary_key=True)]


class Base(DeclarativeBase):
    """What every model inherits."""

    registry = registry(
        metadata=sa.MetaData(naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }),
        type_annotation_map={
            datetime: UtcDateTime(),
            Localized: LocalizedText(),
            enum.Enum: sa.Enum(enum.Enum, native_enum=False, length=24, create_constraint=True,
                               values_callable=lambda members: [member.value for member in members]),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
        },
    )


PATIENCE = 20
"""Seconds that somebody waits for those who write before them."""


class BusyError(TimeoutError):
    """Others have been writing for longer than anybody can be asked to wait; nothing was written."""


class FairLock:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, patience: float = PATIENCE) -> None:
        """Wait for one's turn. Raises BusyError where it does not come within so many seconds."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(patience):
            return
        with self._guard:
            if turn.is_set():  # it came at the last instant
                return
            self._queue.remove(turn)
        raise BusyError("others are writing")

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


db = SQLAlchemy(model_class=Base)


def register(app: Flask, settings: Settings) -> None:
    """Tie the database to an application, with the promises its engine must keep."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    db.init_app(app)
    app.extensions["migrate"] = LocalProxy(partial(_migrations, app))
    app.cli.add_command(LocalProxy(lambda: flask_migrate.cli.db), name="db")  # type: ignore[arg-type] # a command, once asked for
    with app.app_context():
        if settings.is_sqlite:
            _keep_sqlite_safe(db.engine)
        else:
            postgresql.tend(db.engine, read_only)


def _migrations(app: Flask) -> Any:
    """How Alembic reaches the database: told to Flask-Migrate where somebody migrates, as a server seldom does."""
    flask_migrate.Migrate(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True)
    return app.extensions["migrate"]


def _engine_options(settings: Settings) -> dict[str, Any]:
    """What fails is logged without the values it was asked with: they may be somebody's address or text.

    PostgreSQL plans a query for its own values but where it is told otherwise (`made_once`): a plan kept for all
    threads sorts the longest of them whole.
    The connection used last is used next: what it has prepared and read is at hand.
    """
    if settings.is_sqlite:
        return {"connect_args": {"timeout": 10, "check_same_thread": False, "cached_statements": 512},
                "echo": settings.debug_sql, "hide_parameters": not settings.debug_sql,
                "pool_size": settings.threads + 4, "pool_use_lifo": True}
    return {"echo": settings.debug_sql, "hide_parameters": not settings.debug_sql,
            "pool_size": settings.threads + 2, "pool_use_lifo": True}


def _keep_sqlite_safe(engine: sa.Engine) -> None:
    """WAL, full sync, foreign keys, and writers that queue fairly instead of failing as busy."""
    sa.event.listen(engine, "connect", set_pragmas)
    writers = _Writers(engine.dialect)
    engine.dialect.do_begin = writers.begin  # type: ignore[method-assign]
    engine.dialect.do_commit = writers.commit  # type: ignore[method-assign]
    engine.dialect.do_rollback = writers.rollback  # type: ignore[method-assign]


def set_pragmas(connection: Any, _record: Any) -> None:
    """What every connection to SQLite is told."""
    connection.isolation_level = None  # the driver opens no transaction of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000",
                   "temp_store=MEMORY", "cache_size=-2000"):
        connection.execute(f"PRAGMA {pragma}")


def _let(connection: PoolProxiedConnection, *, write: bool) -> None:
    """Let a connection write, or only read; said only where it changes, as SQLite then forgets what it has prepared."""
    if connection.info.get("writes") is not write:
        cast(Any, connection.dbapi_connection).execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.info["writes"] = write


class _Writers:
    """Begins and ends the transactions of an SQLite engine so that one writes at a time, each in its turn."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self._do_commit, self._do_rollback = dialect.do_commit, dialect.do_rollback
        self._lock = FairLock()
        self._writing: set[int] = set()  # the connections that hold the lock

    def begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        raw: Any = dbapi_connection.dbapi_connection
        if read_only.get():
            _let(dbapi_connection, write=False)
            raw.execute("BEGIN")
            return
        self._lock.acquire()
        self._writing.add(id(raw))
        try:
            _let(dbapi_connection, write=True)
            raw.execute("BEGIN IMMEDIATE")
        except BaseException as fault:
            self._hand_over(dbapi_connection)
            if getattr(fault, "sqlite_errorcode", None) == SQLITE_BUSY:
                raise BusyError("another process is writing") from fault
            raise

    def commit(self, dbapi_connection: PoolProxiedConnection) -> None:
        self._do_commit(dbapi_connection)
        self._hand_over(dbapi_connection)

    def rollback(self, dbapi_connection: PoolProxiedConnection) -> None:
        try:
            self._do_rollback(dbapi_connection)
        finally:
            self._hand_over(dbapi_connection)

    def _hand_over(self, dbapi_connection: PoolProxiedConnection) -> None:
        raw = id(dbapi_connection.dbapi_connection)
        if raw in self._writing:
            self._writing.discard(raw)
            self._lock.release()


def insert(model: "type[Base] | sa.Table") -> Any:
    """An INSERT of the database in use, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else on_postgresql
    return dialect.insert(model)


def rows_touched(statement: Any, **values: Any) -> int:
    """Run an INSERT, UPDATE or DELETE now, with these values; answers how many rows it made, changed or removed."""
    kept = {"preserve_rowcount": True}  # PostgreSQL's driver forgets the number for an INSERT unless told to keep it
    found = db.session.execute(statement, values or None, execution_options=kept)
    return cast("sa.CursorResult[Any]", found).rowcount


def rows_deleted(model: type[Base], *which: sa.ColumnElement[bool], most: int) -> int:
    """Delete at most so many rows, so that nobody who writes waits long; answers how many went."""
    key = sa.inspect(model).primary_key
    some = sa.select(*key).where(*which).limit(most)
    one = key[0].in_(some) if len(key) == 1 else sa.tuple_(*key).in_(some)
    return rows_touched(sa.delete(model).where(one).execution_options(synchronize_session=False))


def table(model: type[Base]) -> sa.Table:
    """The table in which a model keeps its own columns: for writing many rows at once."""
    return cast(sa.Table, model.__table__)


@contextmanager
def reading() -> Iterator[None]:
    """Read for as long as it takes without keeping anybody from writing.

    For long work outside a request; what was written before must have been kept. Nothing loaded here can be used
    afterwards but as plain values.
    """
    db.session.rollback()
    token = read_only.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        read_only.reset(token)


class StaleVersionError(Exception):
    """Somebody changed the thing after the page was opened: the view answers 409 with both texts."""


def hold(thing: Any, seen: int) -> None:
    """Keep a versioned row as it is until this transaction ends.

    Raises StaleVersionError where it is no longer the version that was seen; the thing is then as it was saved.
    """
    db.session.refresh(thing, ["version"], with_for_update=True)
    if thing.version != seen:
        db.session.refresh(thing)
        raise StaleVersionError(seen)


_WAITING = sa.text("SELECT pg_advisory_xact_lock(:number)").execution_options(prepared=True)


def alone(name: str) -> bool:
    """Have everybody else who asks for the same name wait until this transaction ends.

    No row is touched, so nothing that is kept tells who waited for whom. Answers whether others may have written
    since this transaction began: on SQLite only one writes anyway.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return False
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    db.session.execute(_WAITING, {"number": number})
    return True


class UnchangeableError(Exception):
    """A row of a register was about to be changed or removed."""


def append_only(model: type[Base]) -> type[Base]:
    """Let rows be added to a model and never be changed or removed through the session."""

    def refuse(_mapper: Any, _connection: Any, row: Any) -> None:
        raise UnchangeableError(f"a row of {row.__tablename__} is never changed")

    sa.event.listen(model, "before_update", refuse)
    sa.event.listen(model, "before_delete", refuse)
    return model
