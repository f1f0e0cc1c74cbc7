"""Nothing that is recorded goes unaudited."""

from typing import Any

import sqlalchemy as sa
from flask import g

from consult.audit.models import AuditEntry
from consult.core import events
from consult.core.db import db, table
from consult.core.statements import made_once


@events.on(events.Event)
def keep(event: events.Event) -> None:
    """One row for every event, in the transaction of the act."""
    db.session.execute(_keeping(), {"event": event.name, "actor_id": event.actor_id, "facts": event.facts(),
                                    "request_id": g.get("request_id", "")})


@made_once
def _keeping() -> Any:
    return sa.insert(table(AuditEntry))
