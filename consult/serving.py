"""Preparing the database and serving, in one process: what `python app.py` does."""

import ctypes
import gc
import logging
import multiprocessing
import signal
import sys
from typing import Any

import waitress
from flask import Flask

from consult.core import jobs
from consult.core.config import Settings
from consult.core.db import db
from consult.core.later import flask_migrate
from consult.demo import services as demo

M_ARENA_MAX = -8


def serve(app: Flask) -> None:
    """Migrate, load the demonstration on an empty database, start the jobs, and answer until stopped."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("huey").setLevel(logging.WARNING)  # else it tells every minute that nothing was due
    settings: Settings = app.extensions["settings"]
    _prepared(app)
    with app.app_context():
        accounts = demo.accounts()
    _share_memory()
    server = waitress.create_server(app, host=settings.host, port=settings.port, threads=settings.threads,
                                    ident=None, clear_untrusted_proxy_headers=not settings.proxies,
                                    max_request_body_size=4 * 1024 * 1024)
    consumer = jobs.queue(app).start()
    print(f"\nConsult answers at {settings.address}", flush=True)
    if accounts:
        print(f"\nAccounts of the demonstration (password: {demo.PASSWORD}):")
        for account in accounts:
            print(f"  {account.email:32} {account.note}")
    print("\nStop with Ctrl+C.", flush=True)

    def stop(*_: Any) -> None:
        raise SystemExit(0)

    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the queue has taken them, to stop itself alone
        signal.signal(wish, stop)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: no collection needs to go through it
    try:
        server.run()
    finally:
        consumer.stop(graceful=True)
        server.close()


def _share_memory() -> None:
    """Have all threads take memory from one heap: only one of them runs at a time, and what each has for itself lies
    idle in between."""
    if hasattr(library := ctypes.CDLL(None), "mallopt"):  # glibc has it
        library.mallopt(M_ARENA_MAX, 1)


def _prepared(app: Flask) -> None:
    """Migrate and load the demonstration in a process of its own, which takes what it needed with it."""
    work = multiprocessing.get_context("fork").Process(target=_prepare, args=(app,))
    work.start()
    work.join()
    if work.exitcode:
        raise SystemExit(work.exitcode)


def _prepare(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        flask_migrate.upgrade()
        if settings.demo and demo.empty():
            print("Loading the demonstration…", flush=True)
            demo.load()
            db.session.commit()
        db.engine.dispose()
