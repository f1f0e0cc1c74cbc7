"""How Alembic reaches the database of the application."""

from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from alembic import context
from flask import current_app

from consult.core.db import ExactNumber, UtcDateTime
from consult.core.languages import LocalizedText

database = current_app.extensions["migrate"].db

for models in sorted(Path(current_app.root_path).glob("*/models.py")):
    import_module(f"consult.{models.parent.name}.models")  # every table, whoever uses it


def plain_types(kind, thing, _autogen):
    """Write our column types as the plain types they are kept as, so that old migrations never import the code."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, LocalizedText):
        return "sa.JSON()"
    if kind == "type" and isinstance(thing, ExactNumber):
        return "sa.BigInteger()"
    return False


@contextmanager
def unchecked(connection):
    """On SQLite a table is altered by making it anew, which its keys would forbid: they are checked once it is done."""
    if connection.dialect.name != "sqlite":
        yield
        return
    bare = connection.connection.dbapi_connection
    bare.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        bare.execute("PRAGMA foreign_keys=ON")


def check(connection):
    """Raise where a row leads to one that is not there; nothing is kept then."""
    if connection.dialect.name != "sqlite":
        return
    if loose := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError(f"a row of {loose[0]} leads to one that {loose[2]} does not hold")


def run():
    """Run the migrations on the engine of the application, in one transaction."""
    with database.engine.connect() as connection, unchecked(connection):
        context.configure(connection=connection, target_metadata=database.metadata, render_as_batch=True,
                          compare_type=True, render_item=plain_types)
        with context.begin_transaction():
            context.run_migrations()
            check(connection)


run()
