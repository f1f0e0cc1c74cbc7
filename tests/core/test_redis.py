"""With Redis, several processes share the queue and the limits; without it pages are read and acts are kept."""

import shutil
import subprocess
import time

import pytest
import redis

from consult.core import jobs, outbox
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.factory import create_app
from tests.browser import Browser
from tests.conftest import settings_for
from tests.postgresql import free_port

PASSWORD = "una frase lunga"


class Server:
    """A Redis of our own, which can be stopped."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        program = shutil.which("redis-server")
        assert program, "install the package redis-server"
        self._process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
            stdout=subprocess.DEVNULL)
        client = redis.Redis(port=self.port)
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)

    def stop(self):
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def settings(server, database_url, tmp_path):
    return settings_for(tmp_path, database_url, redis_url=server.url, rate_limits=True)


@pytest.fixture
def another(settings):
    """A second process of the same installation."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def wrong(window):
    return window.post("/accedi", {"email": "ada@example.org", "password": "sbagliata di certo"}).status_code


def test_what_one_process_queues_another_does(app, another, make):
    make.process()
    outbox.post("ada@example.org", "account_unknown", key="prova")
    db.session.commit()
    jobs.release()
    assert jobs.queue(another).run_waiting() == 1
    assert db.session.query(OutboxMessage).one().state is outbox.MessageState.SENT


def test_guesses_are_counted_over_all_processes(app, another, make):
    make.process()
    first, second = Browser(app), Browser(another)
    answers = [wrong(first if turn % 2 else second) for turn in range(12)]
    assert answers.count(429) == 2


def test_without_redis_pages_are_read_acts_are_kept_and_guesses_are_limited(app, server, make):
    make.process()
    proposal = make.proposal()
    person = make.person()
    server.stop()
    window = Browser(app, person)
    assert window.get("/").status_code == 200
    assert window.get(f"/proposte/{proposal.id}-{proposal.slug}").status_code == 200
    assert window.post(f"/discussioni/{proposal.thread_id}/commenti", {"body": "Resta scritto."}).status_code == 303
    assert Browser(app).post("/password-dimenticata", {"email": "chi@example.org"}).status_code == 303
    assert db.session.query(OutboxMessage).one().state is outbox.MessageState.DUE
    assert 429 in [wrong(Browser(app)) for _turn in range(12)]
