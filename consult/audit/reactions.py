"""Nothing that is recorded goes unaudited."""

from flask import g, has_app_context

from consult.audit.models import AuditEntry
from consult.core import events
from consult.core.db import db


@events.on(events.Event)
def keep(event: events.Event) -> None:
    """One row for every event, in the transaction of the act."""
    db.session.add(AuditEntry(event=event.name, actor_id=event.actor_id, facts=event.facts(),
                              request_id=g.get("request_id", "") if has_app_context() else ""))
