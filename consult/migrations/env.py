"""How Alembic reaches the database of the application."""

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


def run():
    """Run the migrations on the engine of the application, in one transaction."""
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, render_as_batch=True,
                          compare_type=True, render_item=plain_types)
        with context.begin_transaction():
            context.run_migrations()


run()
