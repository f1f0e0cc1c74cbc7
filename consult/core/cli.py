"""Commands about the whole installation."""

import signal
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from consult.core import jobs as queue
from consult.core import policy

jobs = AppGroup("jobs", help="Do the work that waits behind the pages.")


@jobs.command()
@click.option("--workers", default=1, show_default=True, help="How many pieces of work are done at once.")
def work(workers: int) -> None:
    """Work until stopped: for a WSGI server, which answers pages only.

    Example: flask --app app jobs work
    """
    consumer = queue.queue(current_app._get_current_object()).start(workers)  # type: ignore[attr-defined]
    over = threading.Event()

    def stop(*_: Any) -> None:
        over.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    over.wait()
    consumer.stop(graceful=True)


@jobs.command()
def once() -> None:
    """Do what the schedule asks for this minute and what is waiting, then end.

    Example: flask --app app jobs once
    """
    waiting = queue.queue(current_app._get_current_object())  # type: ignore[attr-defined]
    waiting.run_schedule()
    click.echo(f"{waiting.run_waiting()} pieces of waiting work done")


@click.command("permissions")
@with_appcontext
def permissions() -> None:
    """Print who may do what, as the policy says.

    Example: flask --app app permissions
    """
    click.echo(policy.printed())
