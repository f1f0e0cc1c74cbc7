"""Whatever the length of a thread, a page of it looks at few rows and a comment in it touches few."""

import json
import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Follow, Side, State, Thread
from consult.contributions.queries import SIDES, THREAD_ORDERS
from consult.core import paging
from consult.core.db import db
from consult.demo import services as demo
from consult.proposals.models import Proposal
from tests.conftest import settings_for

SIZE = demo.Size(people=300, proposals=30, comments=10_000, supports=100)
LOOKED_AT = 600
"""Rows that a step of a query may look at: the hottest thread holds five times as many."""
STEPS = 200
"""Instructions of SQLite that a query may take for each row it answers, of which it is taken to answer some."""
TOUCHED = 20
"""Rows that posting a comment may write, whoever follows the thread and however long it is."""
WHOLE = re.compile(r"SCAN (contribution|comment|agreement|thread_visit|official_reply)(_\d+)?\b")
"""A table with a row for each comment is read from its beginning to its end."""


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, demo=True)


@pytest.fixture
def hot(app):
    """The proposal with the longest thread, in a database that knows its tables as after a while."""
    demo.load()
    db.session.commit()
    for _batch in demo.grow(SIZE, seed=3):
        db.session.commit()
    demo.settle(SIZE)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    found = db.session.query(Proposal).order_by(Proposal.comment_count.desc()).first()
    assert found.comment_count > 4 * LOOKED_AT
    return found


@contextmanager
def noted():
    """Every statement with its values, and how many rows it says it touched."""
    seen = []

    def note(_connection, cursor, statement, parameters, context, many):
        if not many and statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            seen.append((statement, parameters, cursor.rowcount))

    sa.event.listen(db.engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", note)


def pages(proposal, side=None):
    """The addresses of the first page of the thread, of one in the middle and of the last, in every order."""
    those = sa.and_(Contribution.thread_id == proposal.thread_id, Contribution.about_id.is_(None),
                    Contribution.kind == "comment", Contribution.state == State.PUBLISHED)
    if side is not None:
        those = sa.and_(those, Contribution.side == side)
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(those))
    lane = {} if side is None else {"lato": next(name for name, each in SIDES.items() if each is side)}
    for order, keys in THREAD_ORDERS.items():
        yield "?" + urlencode({"ordine": order, **lane})
        for skipped in (there // 2, there - 30):
            place = db.session.execute(sa.select(*(key.column for key in keys)).where(those).order_by(
                *(key.column.desc() if key.descending else key.column.asc() for key in keys))
                .offset(skipped).limit(1)).one()
            yield "?" + urlencode({"ordine": order, "dopo": paging.cursor(*place), **lane})


def faults(statement, parameters):
    """What a plan does that takes longer the longer a thread is."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            return [*_faults_of_sqlite(statement, plan), *_steps_of_sqlite(connection, statement, parameters)]
        for way in ("seqscan", "hashjoin", "mergejoin"):  # ways to read whole what is small here
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar()
        tree = told if isinstance(told, list) else json.loads(told)
        return list(_faults_of_postgresql(tree[0]["Plan"]))


def _faults_of_sqlite(statement, plan):
    """Each step knows the one it belongs to: what is found of a thread may not be sorted, where it is found."""
    threads = {step.parent for step in plan if "(thread_id=" in step.detail and "LIMIT" in statement}
    for step in plan:
        whole = WHOLE.match(step.detail) or "ix_contribution_activity" in step.detail or "(state=?" in step.detail
        if whole or (step.parent in threads and "TEMP B-TREE FOR ORDER" in step.detail):
            yield step.detail


def _steps_of_sqlite(connection, statement, parameters):
    """Its plans do not tell how many rows are looked at; its instructions do."""
    taken = []
    connection.connection.driver_connection.set_progress_handler(lambda: taken.append(100), 100)
    rows = connection.exec_driver_sql(statement, parameters).all()
    connection.connection.driver_connection.set_progress_handler(None, 0)
    if sum(taken) > STEPS * (len(rows) + 30):
        yield f"{sum(taken)} steps for {len(rows)} rows"


def _faults_of_postgresql(node):
    looked_at = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                                        + node.get("Rows Removed by Index Recheck", 0))
    if looked_at > LOOKED_AT:
        yield f"{node['Node Type']} {node.get('Index Name', '')}: {looked_at} rows"
    for below in node.get("Plans", ()):
        yield from _faults_of_postgresql(below)


def slow(window, addresses):
    """By page, what its queries do that takes longer the longer the thread is."""
    found = {}
    for number, address in enumerate(addresses):
        with noted() as seen:
            assert window.get(f"{address}{'&' if '?' in address else '?'}v={number}").status_code in (200, 303)
        assert seen
        found |= {f"{address}: {statement}": bad for statement, parameters, _rows in seen
                  if statement.startswith("SELECT") and (bad := faults(statement, parameters))}
    return found


def people(browser):
    return browser(), browser(db.session.query(Person).filter_by(email="cittadina@example.org").one())


def test_no_page_of_a_long_thread_looks_at_more_than_it_shows(hot, browser):
    addresses = [f"{hot.thread.path}{asked}" for asked in pages(hot)]
    for window in people(browser):
        assert slow(window, addresses) == {}


def test_no_column_of_a_long_thread_looks_at_more_than_it_shows(hot, browser):
    rows = Contribution.__table__
    for number, side in enumerate(Side):
        db.session.execute(sa.update(rows).where(
            rows.c.thread_id == hot.thread_id, rows.c.kind == "comment", rows.c.about_id.is_(None),
            rows.c.id % len(Side) == number).values(side=side))
    hot.thread.columns = True
    db.session.commit()
    addresses = [hot.thread.path, *(f"{hot.thread.path}{asked}" for side in Side for asked in pages(hot, side))]
    for window in people(browser):
        assert slow(window, addresses) == {}


def test_a_permalink_into_a_long_thread_looks_at_no_more_than_a_page(hot, browser):
    codes = db.session.scalars(sa.select(Contribution.code).where(
        Contribution.thread_id == hot.thread_id, Contribution.kind == "comment", Contribution.state == State.PUBLISHED)
        .order_by(Contribution.id).offset(hot.comment_count // 2).limit(10)).all()
    addresses = [f"/c/{code}?ordine={order}" for code, order in zip(codes, [*THREAD_ORDERS] * 3, strict=False)]
    assert slow(browser(), addresses) == {}


def touched(window, thread):
    with noted() as seen:
        sent = window.post(f"/discussioni/{thread.id}/commenti", {"body": "Serve anche la sera, e la domenica."})
    assert sent.status_code == 303
    assert [bad for statement, parameters, _rows in seen if statement.startswith("SELECT")
            and (bad := faults(statement, parameters))] == []
    return sum(max(rows, 0) for statement, _parameters, rows in seen if not statement.startswith("SELECT"))


def test_posting_a_comment_touches_as_few_rows_in_a_long_thread_that_many_follow(hot, browser):
    _visitor, window = people(browser)
    quiet = db.session.scalars(sa.select(Thread).join(Contribution, Contribution.thread_id == Thread.id).where(
        Contribution.kind == "proposal", Contribution.activity_id == hot.activity_id,
        Contribution.state == State.PUBLISHED, Thread.locked.is_(False)).order_by(Contribution.comment_count)).first()
    everybody = db.session.scalars(sa.select(Person.id).where(Person.email.is_(None))).all()
    db.session.add_all(Follow(person_id=id, contribution_id=hot.id) for id in everybody)
    db.session.commit()
    few = touched(window, quiet)
    assert touched(window, hot.thread) == few
    assert few <= TOUCHED
