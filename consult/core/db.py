"""The database: the base of all models, column types, and how many rows a statement touched."""

import enum
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Annotated, Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy, session
from sqlalchemy.dialects import postgresql as on_postgresql
from sqlalchemy.dialects import sqlite as on_sqlite
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from consult.core import postgresql, sqlite
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


class _Session(session.Session):
    """A session with the only database there is, which is not looked for anew with each statement."""

    _engine: sa.Engine | None = None

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **others: Any) -> Any:
        if bind is not None:
            return bind
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine


db = SQLAlchemy(model_class=Base, session_options={"class_": _Session})


def register(app: Flask, settings: Settings) -> None:
    """Tie the database to an application, with the promises its engine must keep."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    db.init_app(app)
    app.extensions["migrate"] = LocalProxy(partial(_migrations, app))
    app.cli.add_command(LocalProxy(lambda: flask_migrate.cli.db), name="db")  # type: ignore[arg-type] # a command, once asked for
    with app.app_context():
        if settings.is_sqlite:
            sqlite.tend(db.engine, read_only)
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


def insert(model: "type[Base] | sa.Table") -> Any:
    """An INSERT of the database in use, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    dialect = on_sqlite if db.session.get_bind().dialect.name == "sqlite" else on_postgresql
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
