"""What an engine of SQLite is told, so that it keeps what the platform promises: one writes at a time, in turn."""

import threading
from collections import deque
from contextvars import ContextVar
from sqlite3 import SQLITE_BUSY
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.pool import PoolProxiedConnection

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


def tend(engine: sa.Engine, read_only: ContextVar[bool]) -> None:
    """WAL, full sync, foreign keys, and writers that queue fairly instead of failing as busy."""
    sa.event.listen(engine, "connect", set_pragmas)
    writers = _Writers(engine.dialect, read_only)
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

    def __init__(self, dialect: sa.Dialect, read_only: ContextVar[bool]) -> None:
        self._read_only = read_only
        self._do_commit, self._do_rollback = dialect.do_commit, dialect.do_rollback
        self._lock = FairLock()
        self._writing: set[int] = set()  # the connections that hold the lock

    def begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        raw: Any = dbapi_connection.dbapi_connection
        if self._read_only.get():
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
