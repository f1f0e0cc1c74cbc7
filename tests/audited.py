"""Watches every request of every test: what changes something also leaves a line in the register."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, g, has_request_context, request, request_finished

from consult.core.db import db
from consult.core.web import READING

UNAUDITED = frozenset({"audit_entry", "once_key", "outbox_message", "browser_session", "mail_token",
                       "passkey_challenge", "held_form", "thread_visit", "claim"})
"""Rows that only carry an act: its record, its form, its mails, its browser, its link, what a device must sign, or what
is to be sent later; how far somebody has read, which is nobody's act; and what a moderator has in hand."""

WRITING = re.compile(r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)


class Watch:
    """Notes the requests that were kept, changed something, and recorded nothing."""

    def __init__(self, app: Flask) -> None:
        self.silent: list[str] = []
        with app.app_context():
            sa.event.listen(db.engine, "after_cursor_execute", self._note)
        request_finished.connect(self._judge, app)

    def _note(self, _connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        written = WRITING.match(statement)
        counted = written and (cursor.rowcount != 0 or written[1] == "audit_entry")  # SQLite counts not many at once
        if counted and has_request_context():
            g.setdefault("written", set()).add(written[1])

    def _judge(self, _app: Flask, response: Response) -> None:
        written = g.get("written", set())
        kept = request.method not in READING and response.status_code < 400
        if kept and written - UNAUDITED and "audit_entry" not in written:
            self.silent.append(f"{request.method} {request.endpoint} wrote {sorted(written - UNAUDITED)}")
