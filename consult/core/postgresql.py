"""What an engine of PostgreSQL is told, so that it keeps what the platform promises and asks no more than it must."""

import math
import re
import time
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from consult.core.later import psycopg

ONLY_WHEN_ASKED = 2**31
"""Times that a statement is run before the driver prepares it by itself: never."""
PREPARED_AT_MOST = 200
"""Statements that a connection keeps prepared."""
RESTED = 1.0
"""Seconds after which a connection may have been cut without anybody having noticed."""

_VALUES = re.compile(r"\n(?:DETAIL|CONTEXT):.*", re.DOTALL)


def tend(engine: sa.Engine, read_only: ContextVar[bool]) -> None:
    """Have requests that only read refused to write, prepared kept what is run often, and no value told in errors."""
    dialect: Any = engine.dialect
    undo = dialect.do_rollback

    def begin(connection: sa.Connection) -> None:
        """The driver says with BEGIN itself that nothing is to be written: no statement is spent on it."""
        raw: Any = connection.connection.dbapi_connection
        if raw.read_only is not read_only.get():
            raw.read_only = read_only.get()

    def rollback(connection: PoolProxiedConnection) -> None:
        """What has only read ends either way the same; but the driver forgets at a rollback all that is prepared.

        Asked is how the transaction was begun, not what may be done now: what was written is never kept here.
        """
        raw: Any = connection.dbapi_connection
        if raw.read_only and raw.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS:
            dialect.do_commit(connection)
        else:
            undo(connection)

    dialect.do_rollback = rollback
    sa.event.listen(engine, "begin", begin)
    sa.event.listen(engine, "connect", _compile_nothing)
    sa.event.listen(engine, "connect", _prepare_when_asked)
    sa.event.listen(engine, "checkin", _note_time)
    sa.event.listen(engine, "checkout", partial(_ping, dialect))
    sa.event.listen(engine, "do_execute", _prepared)
    sa.event.listen(engine, "handle_error", _tell_no_values)


def _compile_nothing(connection: Any, _record: Any) -> None:
    """No statement of ours runs long enough for the half second that the server takes to compile it.

    It would do so where it knows little of the tables, as on a new installation, for whoever has signed in.
    """
    connection.autocommit = True  # else this begins a transaction
    connection.execute("SET jit = off")
    connection.autocommit = False


def _prepare_when_asked(connection: Any, _record: Any) -> None:
    connection.prepare_threshold, connection.prepared_max = ONLY_WHEN_ASKED, PREPARED_AT_MOST
    connection.cursor_factory = _cursors()


@cache
def _cursors() -> Any:
    """Cursors that describe the columns of a result only to who reads that: most statements are known by then."""

    class Cursor(psycopg.Cursor[Any]):
        @property
        def description(self) -> Any:
            result = self.pgresult
            rows = result is not None and (result.nfields or result.status == psycopg.pq.ExecStatus.TUPLES_OK)
            return _Columns(result) if rows else None

    return Cursor


class _Columns(Sequence[tuple[Any, ...]]):
    """How the columns of a result are called, and of which type they are."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def __len__(self) -> int:
        return int(self._result.nfields)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for place in range(len(self)):
            yield self._result.fname(place).decode(), self._result.ftype(place), None, None, None, None, None


def _note_time(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["back_at"] = time.monotonic()


def _ping(dialect: Any, connection: Any, record: ConnectionPoolEntry, _fairy: Any) -> None:
    """Ask a connection that rested whether it still stands, and have another opened if not."""
    if time.monotonic() - record.info.get("back_at", math.inf) < RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as fault:
        raise sa.exc.DisconnectionError from fault


def _prepared(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Run a statement that asks for it prepared, or adds a row: planned once for each connection, not each time."""
    asked = bool(context.execution_options.get("prepared")) or _adds_a_row(context)
    if asked:
        cursor.execute(statement, parameters, prepare=True)
    return asked


def _adds_a_row(context: Any) -> bool:
    """There is one way to do it, whatever the values."""
    return bool(context.isinsert and not context.executemany and context.compiled.statement.select is None)


def _tell_no_values(context: sa.ExceptionContext) -> None:
    """PostgreSQL says in its errors which values it refused: somebody's address, in a line that is logged."""
    for fault in (context.original_exception, context.sqlalchemy_exception):
        if fault is not None:
            fault.args = tuple(_VALUES.sub("", arg) if isinstance(arg, str) else arg for arg in fault.args)
