"""Work is queued once what caused it is kept, never before and never without it."""

import pytest
from flask import g

from consult.core import jobs

done: list[int] = []

@jobs.task
def note(number: int) -> None:
    done.append(number)

@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()

def test_work_waits_for_the_commit_and_is_queued_once(app):
    jobs.after_commit(note, 1)
    jobs.after_commit(note, 1)
    jobs.after_commit(note, 2)
    assert jobs.queue(app).run_waiting() == 0
    jobs.release()
    assert jobs.queue(app).run_waiting() == 2
    assert done == [1, 2]
    jobs.release()
    assert jobs.queue(app).run_waiting() == 0

def test_work_is_forgotten_with_what_was_not_kept(app):
    with app.app_context():
        jobs.after_commit(note, 3)
    jobs.release()
    assert jobs.queue(app).run_waiting() == 0
    assert "waiting_work" not in g
