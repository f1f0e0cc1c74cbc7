"""The migrations build the schema that the models describe, whatever the database."""

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from consult.contributions.models import Follow
from consult.core.db import db
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import Answer, QuestionKind
from consult.voting import services as voting
from tests.recount import drift


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


def test_what_is_kept_survives_going_back_and_coming_again(app, make):
    """Altering a table of SQLite makes it anew: with rows that lead to it, and with counts that are reckoned again."""
    reader, proposal = make.person(), make.proposal()
    voting.support(proposal, reader)
    db.session.add(Follow(person_id=reader.id, contribution_id=proposal.id))
    make.comment(proposal.thread)
    survey = make.survey(QuestionKind.MULTIPLE_CHOICE, QuestionKind.SHORT_TEXT)
    several, written = surveys.questions(survey)
    answering.answer(survey, reader, municipality_id=None, given={several.code: ["o1", "o3"], written.code: "Panchine"})
    make.ballot()
    kept = {"title": proposal.title, "followers": [reader.id], "counted": 1}
    db.session.commit()
    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()
    db.session.expire_all()
    followers = db.session.scalars(sa.select(Follow.person_id).where(Follow.contribution_id == proposal.id)
                                   .order_by(Follow.id)).all()
    assert {"title": proposal.title, "followers": [one for one in followers if one == reader.id],
            "counted": proposal.current_support_count} == kept
    assert drift() == []
    assert sorted((row.option_id > 0, row.text) for row in db.session.scalars(sa.select(Answer))) == [
        (False, "Panchine"), (True, None), (True, None)]
    assert {one.code for one in surveys.questions(surveys.survey(survey.id))} == {f"q{several.id}", f"q{written.id}"}
    if db.engine.dialect.name == "sqlite":
        assert unordered() >= {"answer", "submission", "survey_participation"}


def unordered() -> set[str]:
    """The tables of SQLite whose rows do not lie in the order in which they came."""
    return set(db.session.scalars(sa.text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")))
