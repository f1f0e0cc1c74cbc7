"""Work done behind the request: a queue and a schedule, kept by huey in SQLite or Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import reload
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g

from consult.core.config import Settings
from consult.core.db import db
from consult.core.later import huey

log = logging.getLogger("consult.jobs")

Work = Callable[..., Any]
_tasks: dict[str, Work] = {}
_periodic: dict[str, Work] = {}


def task(work: Work) -> Work:
    """Let a function be queued with `enqueue`; it runs in its own transaction."""
    _tasks[f"{work.__module__}.{work.__name__}"] = work
    return work


def every_minute(work: Work) -> Work:
    """Run a function once a minute in its own transaction."""
    _periodic[f"{work.__module__}.{work.__name__}"] = work
    return work


def after_commit(work: Work, *arguments: Any) -> None:
    """Queue a task once what is written now is kept; nothing is queued if it is not."""
    waiting = g.setdefault("waiting_work", [])
    if (work, arguments) not in waiting:
        waiting.append((work, arguments))


def release() -> None:
    """Queue what waited for the commit: called by whoever has just committed.

    What is kept stays kept where the queue cannot be reached; mails then leave with the schedule.
    """
    for work, arguments in g.pop("waiting_work", []):
        try:
            queue(current_app._get_current_object()).put(work, *arguments)  # type: ignore[attr-defined]
        except Exception:
            log.exception("%s was not queued", work.__name__)


def keep() -> None:
    """Keep what a task has written so far: others see how far it is, and nobody waits for it to end."""
    db.session.commit()
    release()


class Queue:
    """The queue of one application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.huey = _storage(settings)
        self._bound = {name: self.huey.task(name=name)(self._whole(work)) for name, work in _tasks.items()}
        for name, work in _periodic.items():
            self.huey.periodic_task(huey.crontab(minute="*"), name=f"{name}:minute")(self._whole(work))

    def put(self, work: Work, *arguments: Any) -> None:
        """Queue a registered task with plain arguments."""
        self._bound[f"{work.__module__}.{work.__name__}"](*arguments)

    def run_waiting(self) -> int:
        """Run here and now what is queued; answers how many ran."""
        ran = 0
        while (waiting := self.huey.dequeue()) is not None:
            self.huey.execute(waiting)
            ran += 1
        return ran

    def run_schedule(self) -> None:
        """Run here and now what the schedule would run this minute."""
        for work in _periodic.values():
            self._whole(work)()

    def start(self, workers: int = 2) -> Any:
        """Work in threads of this process, beside the web server; answers the consumer, to be stopped.

        Two by default: a long document must not keep mails waiting.
        """
        consumer = self.huey.create_consumer(workers=workers, check_worker_health=True, backoff=1.15, max_delay=2.0)
        consumer.start()
        return consumer

    def _whole(self, work: Work) -> Work:
        def run(*arguments: Any) -> None:
            with self.app.app_context():
                try:
                    work(*arguments)
                    keep()
                except Exception:
                    db.session.rollback()
                    log.exception("job %s failed", work.__name__)
                finally:
                    db.session.remove()

        run.__name__ = work.__name__
        return run


def _storage(settings: Settings) -> huey.Huey:
    if settings.redis_url:
        storage = reload(huey.storage).RedisStorage  # now with its driver
        return huey.Huey("consult", storage_class=storage, url=settings.redis_url)
    kept = str(Path(settings.instance) / "jobs.sqlite3")
    return huey.Huey("consult", storage_class=huey.storage.SqliteStorage, filename=kept, fsync=False)


def register(app: Flask, settings: Settings) -> None:
    """Give the application its queue, once every feature has named its tasks."""
    app.extensions["jobs"] = Queue(app, settings)


def queue(app: Flask) -> Queue:
    """The queue of an application."""
    found: Queue = app.extensions["jobs"]
    return found
