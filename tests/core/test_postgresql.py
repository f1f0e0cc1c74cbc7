"""What is prepared on PostgreSQL stays so, and a connection that was cut in the meantime is no fault of a page."""

import pytest
import sqlalchemy as sa

from consult.core import db as database
from consult.core import postgresql
from consult.core.db import db
from consult.proposals.queries import proposal
from consult.territory.models import Authority


@pytest.fixture(autouse=True)
def _only_there(database_url):
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no server")


def prepared():
    return {name: (many, once) for name, many, once in db.session.execute(
        sa.text("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements"))}


def test_what_a_page_asks_for_by_its_key_is_planned_once_for_many_pages(app, browser, make):
    shown = make.proposal()
    db.session.commit()
    reader = browser()
    for word in "abcdefgh":
        reader.get(f"/proposte/{shown.id}?v={word}")
    db.session.rollback()
    db.session.remove()
    kept = prepared()
    own, = (plans for statement, plans in kept.items() if "FROM contribution JOIN proposal" in statement
            and "blackout_window" in statement)
    assert own[0] >= 2  # five times for the values at hand, then for good
    assert not any("LIMIT" in statement and "thread_id" in statement for statement in kept)


def test_a_page_that_only_reads_is_refused_to_write_by_the_server(app, make):
    make.authority()
    db.session.commit()
    with app.test_request_context("/"):
        app.preprocess_request()
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            db.session.execute(sa.text("UPDATE authority SET region = 'Altrove'"))


def test_what_was_written_before_reading_began_is_undone_all_the_same(app, make):
    make.authority()
    token = database.read_only.set(True)
    try:
        db.session.rollback()
    finally:
        database.read_only.reset(token)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Authority)) == 0


def test_a_connection_that_was_cut_while_it_rested_is_replaced(app, make, monkeypatch):
    id = make.proposal().id
    db.session.commit()
    monkeypatch.setattr(postgresql, "RESTED", 0.0)
    mine = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
    db.session.remove()
    other = sa.create_engine(db.engine.url)
    with other.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
    other.dispose()
    assert proposal(id) is not None
    assert db.session.scalar(sa.text("SELECT pg_backend_pid()")) != mine


def test_the_server_compiles_no_statement(app, make):
    make.person()
    db.session.commit()
    assert db.session.scalar(sa.text("SHOW jit")) == "off"
