"""One writes at a time, each in their turn; whoever has waited too long is told so."""

import sqlite3
import threading
import time

import pytest

from consult.core.db import db
from consult.core.sqlite import BusyError, FairLock


def test_turns_are_taken_in_the_order_of_asking():
    lock, order = FairLock(), []
    lock.acquire()

    def wait(number):
        lock.acquire()
        order.append(number)
        lock.release()

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(lock._queue) <= number:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_whoever_gives_up_leaves_the_queue_to_the_others():
    lock = FairLock()
    lock.acquire()
    with pytest.raises(BusyError):
        lock.acquire(0.01)
    lock.release()
    lock.acquire(0.01)
    lock.release()


def test_a_request_that_cannot_write_says_so_and_keeps_nothing(app, browser, make, monkeypatch):
    """Another process holds the file, or another thread its turn: the same answer."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets several write at once")
    monkeypatch.setattr(FairLock.acquire, "__defaults__", (0.05,))
    make.authority()
    db.session.commit()
    visitor = browser()
    visitor.get("/accedi")
    with db.engine.connect() as other, other.begin():
        answer = visitor.post("/accedi", {"email": "a@example.org", "password": "una lunga parola"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "poi riprova" in answer.get_data(as_text=True)


def test_another_process_that_writes_for_long_is_waited_for_and_then_named(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets several write at once")
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA busy_timeout=50")
        with pytest.raises(BusyError):
            connection.exec_driver_sql("SELECT 1")
    other.close()
