"""A server of its own process that can be killed, and people who vote through it without waiting for one another."""

import http.client
import multiprocessing
import os
import secrets
import signal
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

import sqlalchemy as sa
import waitress

from consult.core.db import db
from consult.factory import create_app
from consult.ledger import sequencing
from tests.postgresql import free_port

FORK = multiprocessing.get_context("fork")


class Server:
    """The application as it is served, in a process of its own that also moves what waits into the log."""

    def __init__(self, settings):
        self.port = free_port()
        db.session.remove()
        db.engine.dispose()  # no connection is shared with the child
        self._process = FORK.Process(target=_serve, args=(settings, self.port), daemon=True)
        self._process.start()
        until = time.monotonic() + 30
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError("the server did not start")
            time.sleep(0.02)

    def _answers(self):
        with (suppress(OSError),
              closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection):
            connection.request("GET", "/salute")
            return connection.getresponse().read()

    def kill(self):
        """End it as a power cut would end the process."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


def _serve(settings, port):
    os.setsid()
    app = create_app(settings)

    def sequence():
        while True:
            with app.app_context():
                try:
                    sequencing.move_what_waits()
                    db.session.commit()
                except sa.exc.SQLAlchemyError:
                    db.session.rollback()
                finally:
                    db.session.remove()
            time.sleep(0.05)

    threading.Thread(target=sequence, daemon=True).start()
    waitress.serve(app, host="127.0.0.1", port=port, threads=8, _quiet=True)


@dataclass
class Voter:
    """Somebody at a browser: what they know was taken, and what they sent without getting an answer."""

    cookie: str
    token: str
    taken: str | None = None
    unanswered: list = field(default_factory=list)
    votes: int = 0

    def may_have_cast(self):
        return {self.taken, *self.unanswered}


def voter(browser, person):
    """A person with the cookie and the token of their browser."""
    one = browser(person)
    token = one.token()
    cookie = one._client.get_cookie("consult")
    return Voter(cookie=f"consult={cookie.value}", token=token)


def vote(connection, ballot_id, one, code):
    """Cast a paper; what comes of it is kept in the voter. Answers the status."""
    body = urlencode({"csrf_token": one.token, "once": secrets.token_hex(8), "step": "cast", "choices": code})
    try:
        connection.request("POST", f"/votazioni/{ballot_id}/vota", body, {
            "Cookie": one.cookie, "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        one.unanswered.append(code)
        raise
    if answer.status == 303:
        one.taken, one.unanswered = code, []
        one.votes += 1
    return answer.status


def crowd(port, ballot_id, groups, codes, cut):
    """Have each group of voters vote one after the other, the groups at the same time, until they are cut off."""
    statuses = set()

    def alone(group, number):
        turn = number
        with (suppress(OSError, http.client.HTTPException),
              closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection):
            while not cut.is_set():
                one = group[turn % len(group)]
                statuses.add(vote(connection, ballot_id, one, codes[(turn // len(group) + number) % len(codes)]))
                turn += 1

    threads = [threading.Thread(target=alone, args=(group, number)) for number, group in enumerate(groups)]
    for thread in threads:
        thread.start()
    return threads, statuses
