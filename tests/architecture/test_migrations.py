"""The migrations build the schema that the models describe, whatever the database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from consult.core.db import db


def test_migrations_build_the_schema_of_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


def test_constraints_are_in_the_schema(app):
    """Names are what autogenerate does not compare for checks: each must be there."""
    wanted = {constraint.name for table in db.metadata.tables.values() for constraint in table.constraints
              if constraint.__class__.__name__ == "CheckConstraint" and constraint.name}
    inspector = db.inspect(db.engine)
    found = {check["name"] for name in inspector.get_table_names() for check in inspector.get_check_constraints(name)}
    assert {str(name) for name in wanted} - found == set()
