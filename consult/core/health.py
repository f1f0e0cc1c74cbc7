"""Whether the parts that must work do work."""

import sqlalchemy as sa
from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from consult.core import jobs
from consult.core.db import db
from consult.core.policy import anyone
from consult.core.web import access

VERSION = "0.1.0"


@access("health.read")
def health() -> ResponseReturnValue:
    """200 with every part ok, 503 with the failing part named otherwise."""
    answer = {"status": "ok", "database": "ok", "jobs": "ok", "version": VERSION}
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        answer.update(status="failing", database="unreachable")
    try:
        jobs.queue(current_app._get_current_object()).huey.pending_count()  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever the queue's store raises, it is not at work
        answer.update(status="failing", jobs="unreachable")
    return jsonify(answer), 200 if answer["status"] == "ok" else 503


def register(app: Flask) -> None:
    """Answer at /salute."""
    app.add_url_rule("/salute", "health", health)


RULES = {"health.read": [[anyone]]}
