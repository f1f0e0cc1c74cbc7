"""The floor: a bare Flask answer and a bare POST that keeps one row, as durably as the application does."""

import os
import sqlite3
import sys
import threading

import waitress
from flask import Flask, request

app = Flask("bare")
lock, local = threading.Lock(), threading.local()


def connection() -> sqlite3.Connection:
    """One connection a thread, with the durability of the application."""
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["BARE_DATABASE"], isolation_level=None)
        local.connection.execute("PRAGMA journal_mode=WAL")
        local.connection.execute("PRAGMA synchronous=FULL")
    return local.connection


@app.get("/")
def hello() -> str:
    """The least that Flask can answer."""
    return "hello"


@app.post("/")
def keep() -> tuple[str, int, dict[str, str]]:
    """One row, one commit, one redirect."""
    with lock:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute("INSERT INTO kept (body) VALUES (?)", (request.form.get("body", ""),))
        connection().execute("COMMIT")
    return "", 303, {"Location": "/"}


if __name__ == "__main__":
    connection().execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, body TEXT)")
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
